"""Kernels are forked from a warm process, and are as good as new ones. All real: no part is stood in for."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

from marketbook.app.kernels import owner, provisioner, warm
from marketbook.kit.errors import RunError

Ask = Callable[[str], str]
Start = Callable[..., tuple[KernelManager, Ask]]

pytestmark = [
    pytest.mark.skipif(not provisioner.can_fork(), reason="kernels are forked on Linux alone"),
    pytest.mark.filterwarnings("ignore"),  # jupyter_client's own sockets and loops
]


@pytest.fixture
def kernel(start: Start) -> tuple[KernelManager, Ask]:
    return start()


def test_a_kernel_is_forked_with_the_library_imported(kernel: tuple[KernelManager, Ask]) -> None:
    manager, ask = kernel
    assert isinstance(manager.provisioner.process, provisioner.ForkedKernel)
    assert ask("import sys; print({'marketbook.survey', 'scipy.stats', 'ibis'} <= set(sys.modules))") == "True"


def test_it_leads_a_session_of_its_own(kernel: tuple[KernelManager, Ask]) -> None:
    manager, ask = kernel
    pid = manager.provisioner.pid
    assert ask("import os; print(os.getpid(), os.getpgid(0), os.getsid(0))") == f"{pid} {pid} {pid}"


def test_two_kernels_draw_different_numbers_and_share_no_variable(start: Start) -> None:
    drawn = []
    for _ in range(2):
        _, ask = start()
        drawn.append(ask("import numpy, random; print(numpy.random.random(), random.random(), 'x' in dir()); x = 1"))
    assert drawn[0].split()[:2] != drawn[1].split()[:2]
    assert [d.split()[2] for d in drawn] == ["False", "False"]


def test_environment_and_folder_are_those_asked_for(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARKETBOOK_SECRET_OF_OWNER", "s")
    clean = {name: value for name, value in os.environ.items() if "SECRET" not in name} | {"ASKED": "yes"}
    _, ask = start(cwd=str(tmp_path), env=clean)
    assert ask("import os; print(os.getcwd(), os.environ['ASKED'], 'MARKETBOOK_SECRET_OF_OWNER' in os.environ)") == (
        f"{tmp_path} yes False"
    )


def test_signals_are_reset_so_that_it_can_be_interrupted(kernel: tuple[KernelManager, Ask]) -> None:
    manager, ask = kernel
    assert ask("import signal; print(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL)") == "True"
    manager.interrupt_kernel()
    assert ask("print('still here')") == "still here"


def test_duckdb_and_kmeans_work_in_a_fork(kernel: tuple[KernelManager, Ask]) -> None:
    _, ask = kernel
    assert ask("import ibis; print(ibis.duckdb.connect().sql('select 42 as n').execute().n[0])") == "42"
    ask("from sklearn.cluster import KMeans; import numpy")
    assert ask("print(KMeans(2, n_init=1).fit(numpy.eye(4)).n_iter_ > 0)") == "True"


def test_a_killed_kernel_is_known_to_be_dead_with_its_signal(kernel: tuple[KernelManager, Ask]) -> None:
    manager, _ = kernel
    os.kill(manager.provisioner.pid, signal.SIGKILL)
    assert manager.provisioner.process.wait(5) == -signal.SIGKILL
    assert not manager.is_alive()


def test_the_end_of_a_kernel_is_known_at_once(start: Start) -> None:
    manager, _ = start()
    began = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        manager.provisioner.process.wait(0.01)
    manager.shutdown_kernel(now=True)
    assert not manager.has_kernel
    assert time.monotonic() - began < 5


def test_kernels_end_with_their_owner(tmp_path: Path) -> None:
    code = (
        "from jupyter_client.manager import start_new_kernel; import os\n"
        "manager, client = start_new_kernel(kernel_name='marketbook')\n"
        "print(manager.provisioner.pid, flush=True); os._exit(0)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    kernel = int(said.stdout.split()[-1])
    assert gone_within(10, kernel)


def test_a_change_of_the_library_makes_a_new_warm_process(monkeypatch: pytest.MonkeyPatch) -> None:
    before = owner.address()
    assert owner.address() == before
    monkeypatch.setattr(owner, "library_version", lambda: "another")
    monkeypatch.setattr(owner, "SEEN_SECONDS", 0)
    assert owner.address() != before


def test_kernels_outlive_a_change_of_the_library_and_its_warm_process_ends_after_them(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager, ask = start()
    before = owner.address()
    monkeypatch.setattr(owner, "library_version", lambda: "another")
    monkeypatch.setattr(owner, "SEEN_SECONDS", 0)
    assert owner.address() != before
    assert ask("print('still here')") == "still here"
    manager.shutdown_kernel(now=True)
    owner.address()
    assert not Path(before).exists()


def test_a_kernel_starts_cold_where_the_warm_process_fails(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> provisioner.ForkedKernel:
        raise RunError("The warm process did not start.")

    monkeypatch.setattr(provisioner, "fork", fail)
    manager, ask = start()
    assert isinstance(manager.provisioner.process, subprocess.Popen)
    assert ask("print(1)") == "1"


def test_libraries_imported_ahead_find_themselves_in_a_notebook(kernel: tuple[KernelManager, Ask]) -> None:
    _, ask = kernel
    assert ask("import comm; print(sorted(comm.get_comm_manager().targets))") == (
        "['jupyter.widget', 'jupyter.widget.control']"
    )


def test_nobodys_own_ipython_settings_belong_to_it(start: Start, tmp_path: Path) -> None:
    startup = tmp_path / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("mine = 1")
    _, ask = start(env=os.environ | {"HOME": str(tmp_path)})
    assert ask("print('mine' in dir(), get_ipython().history_manager.enabled)") == "False False"


def test_its_debugger_and_its_subshells_are_those_of_a_stock_kernel(kernel: tuple[KernelManager, Ask]) -> None:
    manager, _ = kernel
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=30)
    info = client.kernel_info(reply=True, timeout=30)["content"]
    request = client.session.msg("debug_request", {"type": "request", "seq": 1, "command": "debugInfo"})
    client.control_channel.send(request)
    debug = client.get_control_msg(timeout=30)["content"]["body"]
    client.stop_channels()
    assert "kernel subshells" in info["supported_features"]
    assert debug["isStarted"] is False


def test_arguments_that_are_not_known_ahead_make_it_start_cold(start: Start) -> None:
    manager, ask = start(extra_arguments=["--IPKernelApp.exec_lines=['given = 7']"])
    assert isinstance(manager.provisioner.process, subprocess.Popen)
    assert ask("print(given)") == "7"


def test_a_folder_that_is_not_there_is_told(start: Start, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        start(cwd=str(tmp_path / "nowhere"))


def test_an_ended_kernel_leaves_no_zombie_though_nobody_asks_for_its_code(start: Start) -> None:
    manager, _ = start()
    pid = manager.provisioner.pid
    os.kill(pid, signal.SIGKILL)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            break
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists()
    assert manager.provisioner.process.poll() == -signal.SIGKILL


def test_it_refuses_to_fork_beside_a_living_thread() -> None:
    code = (
        "import threading, time; from marketbook.app.kernels.warm import refuse_threads\n"
        "threading.Thread(target=time.sleep, args=(9,), daemon=True).start(); refuse_threads()"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "threads alive before the fork: python" in said.stderr


def test_a_broken_module_is_told_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "half_written.py").write_text("def f(:")
    sys.path.insert(0, str(tmp_path))
    try:
        warm._import("half_written")
    finally:
        sys.path.remove(str(tmp_path))
    assert "half_written is not imported ahead: SyntaxError" in capsys.readouterr().err


def test_it_imports_every_module_that_notebooks_use() -> None:
    assert {"marketbook.kit.params", "marketbook.survey.data", "marketbook.budget.data"} <= set(warm.modules())


def gone_within(seconds: float, pid: int) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return True
        time.sleep(0.1)
    return False


def test_it_answers_at_sockets_that_no_other_can_have_and_leaves_none(start: Start) -> None:
    manager, ask = start()
    assert ask("print(1)") == "1"
    sockets = sorted(Path(manager.ip).parent.glob(f"{Path(manager.ip).name}-*"))
    assert (manager.transport, len(sockets)) == ("ipc", 5)
    manager.shutdown_kernel(now=True)
    assert [file.name for file in sockets if file.exists()] == []


def test_a_path_that_is_too_long_for_a_socket_means_ports(tmp_path: Path) -> None:
    manager = KernelManager(kernel_name="marketbook", connection_file=str(tmp_path / ("long" * 25) / "kernel.json"))
    provisioner.use_unix_sockets(manager)
    assert manager.transport == "tcp"
