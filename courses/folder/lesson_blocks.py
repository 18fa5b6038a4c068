"""The grammar of a lesson's body: text between blocks, and blocks that open with ``:::kind`` and close with ``:::``.

It works line by line and knows no Markdown. ``write_blocks`` writes the canonical form of what ``read_blocks`` reads.
"""

from __future__ import annotations

from collections.abc import Iterable

from courses.folder.shapes import Block

FENCE = ":::"
TITLED = ("case", "accordion")
RECORDINGS = ("video", "audio")
MEDIA = ("image", *RECORDINGS, "document")
KINDS = ("warning", "case", "law", "key", "check", "reflect", "accordion", *MEDIA)
WHEN = ("before", "after")

Problems = list[tuple[int, str]]


def read_blocks(text: str, first_line: int) -> tuple[tuple[Block, ...], Problems]:
    """Return the parts of a body in order, and what is refused as lines and sentences."""
    blocks: list[Block] = []
    problems: Problems = []
    opened: Block | None = None
    kept: list[str] = []
    kept_from = first_line

    def end_part(block: Block | None) -> None:
        inside = "\n".join(kept)
        if block is not None:
            blocks.append(
                Block(block.kind, inside.strip("\n"), block.title, block.words, block.line, _first(kept, kept_from))
            )
        elif inside.strip():
            line = _first(kept, kept_from)
            blocks.append(Block("text", inside.strip("\n"), line=line, text_line=line))
        kept.clear()

    for number, line in enumerate(text.split("\n"), start=first_line):
        if not line.startswith(FENCE):
            kept.append(line)
            continue
        words = line.removeprefix(FENCE).split()
        if not words:
            if opened is None:
                problems.append((number, "':::' closes a block here, but none is open."))
            end_part(opened)
            opened = None
        else:
            if opened is not None:
                problems.append(
                    (number, f"Blocks do not nest: close ':::{opened.kind}' of line {opened.line} with ':::' first.")
                )
            end_part(opened)
            block = _open(line, words, number, problems)
            opened = None if block.kind == "check" else block
            if block.kind == "check":
                blocks.append(block)
        kept_from = number + 1
    if opened is not None:
        problems.append(
            (opened.line, f"The block ':::{opened.kind}' is not closed: end it with ':::' on a line of its own.")
        )
    end_part(opened)
    return tuple(block for block in blocks if block.kind), problems


def _first(lines: list[str], first_line: int) -> int:
    """Return the number of the first line that says something."""
    return next((first_line + index for index, line in enumerate(lines) if line.strip()), first_line)


def _open(line: str, words: list[str], number: int, problems: Problems) -> Block:
    kind, arguments = words[0], tuple(words[1:])
    title = line.removeprefix(FENCE).strip().removeprefix(kind).strip()
    if kind not in KINDS or line[len(FENCE)].isspace():
        problems.append(
            (number, f"'{line[:60]}' opens no block. The blocks are {', '.join(f':::{known}' for known in KINDS)}.")
        )
        return Block("", line=number)
    if kind in TITLED:
        if not title:
            problems.append((number, f"':::{kind}' needs a title on its line."))
        return Block(kind, title=title, line=number)
    if kind in MEDIA:
        return _open_medium(kind, arguments, number, problems)
    if kind == "check":
        if len(arguments) != 2 or arguments[1] not in WHEN:
            problems.append(
                (number, "':::check' names one question and 'before' or 'after', such as ':::check mh101-c02 after'.")
            )
        return Block(kind, words=arguments, line=number)
    if kind == "law":
        if not arguments:
            problems.append((number, "':::law' names at least one id of references.yaml."))
        return Block(kind, words=arguments, line=number)
    if arguments:
        problems.append((number, f"':::{kind}' takes nothing else on its line."))
    return Block(kind, line=number)


def _open_medium(kind: str, arguments: tuple[str, ...], number: int, problems: Problems) -> Block:
    files = tuple(argument.removeprefix("media/") for argument in arguments)
    if not files:
        problems.append((number, f"':::{kind}' names a file of media/."))
        return Block(kind, line=number)
    if kind == "image":
        return Block(kind, title=" ".join(arguments[1:]), words=files[:1], line=number)
    if kind == "document":
        if len(files) > 1:
            problems.append((number, "':::document' names one file; its title stands inside the block."))
        return Block(kind, words=files[:1], line=number)
    minutes = next((word for word in files[1:] if word.isascii() and word.isdigit()), "")
    captions = next((word for word in files[1:] if word != minutes), "")
    if len(files) > 1 + bool(minutes) + bool(captions):
        problems.append(
            (
                number,
                f"':::{kind}' names a file, its captions, and its length in whole minutes if there are no captions.",
            )
        )
    return Block(kind, words=(files[0], captions, minutes), line=number)


def write_blocks(blocks: Iterable[Block]) -> str:
    """Return the canonical body, ended by a line break; the texts inside must be canonical Markdown."""
    written: list[str] = []
    for block in blocks:
        if block.kind == "text":
            written.append(block.text)
            continue
        words = (
            [f"{FENCE}{block.kind}", block.title, *block.words]
            if block.kind != "image"
            else [f"{FENCE}{block.kind}", *block.words, block.title]
        )
        written.append(" ".join(word for word in words if word))
        if block.kind != "check":
            written.extend([block.text, FENCE] if block.text else [FENCE])
    return "".join(f"{part}\n" for part in written)
