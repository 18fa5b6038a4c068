"""The tree against its definition, for any tree: roots, audit paths, consistency proofs, tiles."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpd_records.ledger import tiles, tree
from cpd_records.models import HashTile
from cpd_records.verification import trees
from tests.cpd_records import ledger_by_hand as by_hand

LEAVES = [tree.leaf_hash(number.to_bytes(32, "big")) for number in range(700)]
SOURCE = tree.source_of_leaves(LEAVES)
sizes = st.integers(1, 70)


@given(sizes)
def test_a_root_is_as_defined_and_as_the_verifier_grows_it(size: int) -> None:
    growing = trees.GrowingTree()
    for leaf in LEAVES[:size]:
        growing.append(leaf)

    assert tree.root(size, SOURCE) == by_hand.mth(LEAVES[:size]) == growing.root()


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert tree.root(0, SOURCE) == by_hand.mth([]) == trees.GrowingTree().root()


@given(sizes, st.data())
def test_an_audit_path_is_as_defined_and_leads_only_its_own_leaf_to_the_root(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = tree.audit_path(index, size, SOURCE)
    root = tree.root(size, SOURCE)

    assert path == by_hand.path(index, LEAVES[:size])
    for climb in (tree.root_of_path, trees.root_by_path):
        assert climb(index, size, LEAVES[index], path) == root
        assert climb(index, size, LEAVES[size], path) != root
        assert climb(index, size, LEAVES[index], [*path, root]) is None
        assert climb(size, size, LEAVES[index], path) is None
        if path:
            assert climb(index, size, LEAVES[index], path[:-1]) is None
            assert climb(index, size, LEAVES[index], [root, *path[1:]]) != root
        if size > 1:
            assert climb((index + 1) % size, size, LEAVES[index], path) != root


@given(sizes, st.data())
def test_a_consistency_proof_is_as_defined_and_holds_for_no_other_tree(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, new))
    path = tree.consistency_path(old, new, SOURCE)
    old_root, new_root = tree.root(old, SOURCE), tree.root(new, SOURCE)
    other = tree.leaf_hash(b"other")

    assert path == by_hand.proof(old, LEAVES[:new])
    assert tree.extends(old, old_root, new, new_root, path)
    assert not tree.extends(old, other, new, new_root, path)
    assert not tree.extends(old, old_root, new, new_root, [*path, other])
    if old:
        assert not tree.extends(old, old_root, new, other, path)
    if path:
        assert not tree.extends(old, old_root, new, new_root, path[:-1])
        assert not tree.extends(old, old_root, new, new_root, [other, *path[1:]])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_path_is_made_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        tree.audit_path(index, size, SOURCE)


def test_a_smaller_tree_does_not_extend_a_larger_one() -> None:
    with pytest.raises(ValueError, match="does not extend"):
        tree.consistency_path(4, 3, SOURCE)
    assert not tree.extends(4, tree.root(4, SOURCE), 3, tree.root(3, SOURCE), [])


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 260), min_size=1, max_size=4).filter(lambda parts: sum(parts) <= 700))
def test_tiles_grown_in_any_pieces_answer_as_the_leaves_do(parts: list[int]) -> None:
    HashTile.objects.all().delete()
    size = 0
    for part in parts:
        tiles.grow_tiles(size, LEAVES[size : size + part])
        size += part

    assert tree.root(size, tiles.tile_source()) == tree.root(size, SOURCE)
    for index in {0, size // 2, size - 1}:
        assert tree.audit_path(index, size, tiles.tile_source()) == tree.audit_path(index, size, SOURCE)
    earlier = parts[0]
    assert tree.consistency_path(earlier, size, tiles.tile_source()) == tree.consistency_path(earlier, size, SOURCE)
    assert stored_tiles() == rebuilt_tiles(LEAVES[:size])


@pytest.mark.django_db
def test_a_tile_of_the_second_level_holds_the_roots_of_full_tiles_of_the_first() -> None:
    tiles.grow_tiles(0, LEAVES[:513])

    assert stored_tiles().keys() == {(0, 0), (0, 1), (0, 2), (1, 0)}
    assert stored_tiles()[1, 0] == by_hand.mth(LEAVES[:256]) + by_hand.mth(LEAVES[256:512])
    assert stored_tiles()[0, 2] == LEAVES[512]


@pytest.mark.django_db
def test_an_audit_path_reads_few_tiles_however_large_the_tree(django_assert_max_num_queries) -> None:
    tiles.grow_tiles(0, LEAVES)

    with django_assert_max_num_queries(5):
        tree.audit_path(0, 700, tiles.tile_source())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("index", "size"), [(0, 1), (0, 256), (255, 256), (256, 257), (0, 700), (600, 700), (511, 512)]
)
def test_the_tiles_of_an_audit_path_are_read_at_once(index: int, size: int, django_assert_num_queries) -> None:
    tiles.grow_tiles(0, LEAVES)
    source = tiles.tile_source()

    with django_assert_num_queries(1):
        source.read_ahead(index, size)
        path = tree.audit_path(index, size, source)

    assert path == tree.audit_path(index, size, SOURCE)


@pytest.mark.django_db
def test_tiles_that_do_not_fit_the_tree_are_refused_with_what_to_do() -> None:
    tiles.grow_tiles(0, LEAVES[:5])

    with pytest.raises(tiles.TilesBroken, match="ledger_rebuild"):
        tiles.grow_tiles(7, LEAVES[7:9])
    with pytest.raises(tiles.TilesBroken, match="ledger_rebuild"):
        tree.root(8, tiles.tile_source())


def stored_tiles() -> dict[tuple[int, int], bytes]:
    return {(tile.level, tile.number): bytes(tile.hashes) for tile in HashTile.objects.all()}


def rebuilt_tiles(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    growing = trees.GrowingTiles()
    made = [tile for leaf in leaves for tile in growing.append(leaf)] + growing.partial()
    return {(level, number): hashes for level, number, hashes in made}
