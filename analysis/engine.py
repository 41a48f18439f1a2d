"""The papermill engine `presslab` (papermill loads it by its entry point, so it must not be imported before papermill)."""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine

from .kernel import ForkKernelManager, can_fork


class ForkEngine(NBClientEngine):
    """papermill engine `presslab`: papermill's own, with forked kernels where that is possible."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Run the notebook; keyword arguments are those of papermill's default engine."""
        if can_fork():
            kwargs |= {"kernel_manager_class": ForkKernelManager, "shutdown_kernel": "immediate"}
        return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
