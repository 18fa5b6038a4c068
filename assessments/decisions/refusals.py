"""Why something about a decision on a question was refused: a sentence for the person, and the field it is about."""

from __future__ import annotations


class DecisionRefused(Exception):
    """Refused; ``field`` names what to put right where a form shows it."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class TouchesOwnAttempt(DecisionRefused):
    """Nobody decides about a question of an attempt of their own."""

    def __init__(self) -> None:
        super().__init__(
            "You drew this question in an attempt of your own, so somebody else decides about it. Ask another trainer."
        )


class TouchesAnothersAttempt(DecisionRefused):
    """Who proposed a decision or checked its law has since drawn the question."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody who proposed this or checked its law has drawn the question since, in an attempt of their own. "
            "Let the proposal go, and have it proposed and checked by others."
        )


class SeenOtherwise(DecisionRefused):
    """What would change is not what the page showed."""

    def __init__(self) -> None:
        super().__init__(
            "What would change is no longer what you saw: attempts were handed in since. Look at it again, then confirm."
        )
