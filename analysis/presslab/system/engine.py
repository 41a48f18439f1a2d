"""The papermill engine `presslab` (papermill loads it by its entry point, so it must not be imported before
papermill)."""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine
from papermill.log import logger

from .kernel import ForkKernelManager, Template, TemplateError, can_fork

WARM = "presslab.runs.warm:warm"


class ForkEngine(NBClientEngine):
    """papermill engine `presslab`: papermill's own, with forked kernels if that is possible."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Run the notebook; keyword arguments are those of papermill's default engine, and `plain=False`: no plain
        kernel takes the place of one that can't be forked. Raises TemplateError then."""
        plain = kwargs.pop("plain", True)
        if not can_fork():
            return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
        try:
            Template.shared().once(WARM)
            return super().execute_managed_notebook(
                nb_man, kernel_name, kernel_manager_class=ForkKernelManager, **kwargs
            )
        except TemplateError as error:  # raised before the first cell: nothing has run yet
            if not plain:
                raise
            logger.warning("presslab: %s; running a plain kernel", error)
            return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
