"""YAML into nodes with their lines, and nothing else: no types are guessed, so `01`, `no` and `off` stay as written.

Built from the parser's events with a stack of our own, so that nesting and aliases cannot eat time or memory.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from scheduler.errors import BadInput
from scheduler.intake.plan_faults import Node, line

MOST_BYTES = 1024 * 1024
MOST_NODES = 50_000
DEEPEST = 12
QUOTES = ("'", '"', "|", ">")

# The C parser where the package has it: the same events, ten times faster.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class _Open:
    """A list or mapping that is still being read."""

    place: str
    is_list: bool
    anchor: str | None
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class _Tree:
    """The tree as far as read; `place` fixes every node's place (a cell), otherwise each has its line."""

    place: str | None
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    documents: list[Node] = field(default_factory=list)
    count: int = 0

    def at(self, event: yaml.Event) -> str:
        return self.place or line(event.start_mark.line + 1 if event.start_mark else 1)

    def add(self, node: Node, size: int, anchor: str | None) -> None:
        self.count += size
        if self.count > MOST_NODES:
            raise BadInput("plans.too-many-values", node.place, most=MOST_NODES)
        if anchor:
            self.anchors[anchor] = (node, _size(node))
        (self.stack[-1].children if self.stack else self.documents).append(node)

    def open(self, event: yaml.CollectionStartEvent) -> None:
        if len(self.stack) >= DEEPEST:
            raise BadInput("plans.too-deep", self.at(event), most=DEEPEST)
        self.stack.append(_Open(self.at(event), isinstance(event, yaml.SequenceStartEvent), event.anchor))

    def close(self) -> None:
        done = self.stack.pop()
        children = done.children
        if done.is_list:
            node = Node(done.place, items=tuple(children))
        else:
            node = Node(done.place, pairs=tuple(zip(children[::2], children[1::2], strict=True)))
        self.add(node, 1, done.anchor)

    def repeat(self, event: yaml.AliasEvent) -> None:
        known = self.anchors.get(event.anchor or "")
        if known is None:
            raise BadInput("plans.unknown-alias", self.at(event), name=event.anchor)
        self.add(known[0], known[1], None)


def read_yaml(data: bytes) -> Node:
    """The one document of a YAML file. Raises BadInput: too large, not UTF-8, not YAML, empty, several documents."""
    if len(data) > MOST_BYTES:
        raise BadInput("plans.too-large", megabytes=MOST_BYTES // 1024 // 1024)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("plans.not-utf8", line(data.count(b"\n", 0, error.start) + 1)) from error
    return read_text(text)


def read_text(text: str, place: str | None = None) -> Node:
    """The one document of a YAML text; with `place` every node stands there (a cell). Raises as `read_yaml`."""
    tree = _Tree(place)
    with _said_as_faults(place):
        for event in _events(text):
            _take(tree, event)
    if not tree.documents or tree.documents[0].is_nothing:
        raise BadInput("plans.empty-file", place or "")
    if len(tree.documents) > 1:
        raise BadInput("plans.several-documents", tree.documents[1].place)
    return tree.documents[0]


def _take(tree: _Tree, event: yaml.Event) -> None:
    if isinstance(event, yaml.ScalarEvent):
        tree.add(Node(tree.at(event), text=event.value, quoted=event.style in QUOTES), 1, event.anchor)
    elif isinstance(event, yaml.CollectionStartEvent):
        tree.open(event)
    elif isinstance(event, yaml.CollectionEndEvent):
        tree.close()
    elif isinstance(event, yaml.AliasEvent):
        tree.repeat(event)


def _events(text: str) -> Iterator[yaml.Event]:
    return iter(yaml.parse(text, Loader=_Loader))


@contextlib.contextmanager
def _said_as_faults(place: str | None) -> Iterator[None]:
    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = place or (line(mark.line + 1) if mark else "")
        raise BadInput("plans.not-yaml", at, column=mark.column + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        raise BadInput("plans.unreadable-sign", place or "") from error


def _size(node: Node) -> int:
    parts = [*(node.items or ()), *(part for pair in node.pairs or () for part in pair)]
    return 1 + sum(_size(part) for part in parts)
