package pgserver

import (
	"os/exec"
	"syscall"
)

// endWithParent lets the system end the server when this process dies, also
// when it is killed. The thread that starts the command must live as long.
func endWithParent(cmd *exec.Cmd) { cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT }
