"""What an answerer does about an error: looks whether the index was damaged under it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from index.errors import DanisError
from index.files import is_fault

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Recoverable(Protocol):
    """Answers from a state that it can open anew."""

    @property
    def state(self) -> object: ...

    def recover(self, state: object, error: BaseException) -> None:
        """Opens a good state in place of the damaged one, or raises."""


Self = TypeVar("Self", bound=Recoverable)


def recovering(
    method: Callable[Concatenate[Self, Arguments], Result],
) -> Callable[Concatenate[Self, Arguments], Result]:
    """Calls the method once more where a damaged index explains its error and a good one is left.

    The files of a large index are not compared with their checksums when it is opened; this is
    when damage shows.
    """

    @functools.wraps(method)
    def call(self: Self, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        state = self.state
        try:
            return method(self, *args, **kwargs)
        except BaseException as error:
            if isinstance(error, DanisError) or not is_fault(error):
                raise
            self.recover(state, error)
        return method(self, *args, **kwargs)

    return call
