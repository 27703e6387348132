package render

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"

	"example.com/whoserves/viewer/render/privatetmp"
)

// errEnded means that a worker ended before it was ready.
var errEnded = errors.New("it ended before it was ready")

// process is a worker as its pool sees it. Only one goroutine uses it at a time, but for ended.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *os.File
	answer *bufio.Reader
	words  beginning
	end    chan struct{} // closed when the process has ended

	drawn  int    // pictures drawn
	memory uint64 // bytes it held after the last one
	killed bool
}

// startProcess starts a worker with command (nil: this program) and waits until it is ready. dir is its private
// folder, "" for none. onEnd is called when it has ended, for whatever reason.
func startProcess(ctx context.Context, command []string, dir string, onEnd func()) (*process, error) {
	w := &process{end: make(chan struct{})}
	var err error
	if w.cmd, err = workerCommand(command, dir); err != nil {
		return nil, err
	}
	w.cmd.Stderr = &w.words
	if w.in, err = w.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	// A pipe of our own: cmd.StdoutPipe would lose what the worker says last.
	out, childOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, w.in.Close())
	}
	w.cmd.Stdout = childOut
	err = w.cmd.Start()
	childOut.Close()
	if err != nil {
		return nil, errors.Join(err, w.in.Close(), out.Close())
	}
	w.out, w.answer = out, bufio.NewReaderSize(out, 64<<10)
	go func() {
		w.cmd.Wait() // how it ended does not matter, lastWords tells
		close(w.end)
		onEnd()
	}()
	if err := w.awaitReady(ctx); err != nil {
		w.stop()
		if ctx.Err() == nil {
			err = fmt.Errorf("%w: %s", err, w.lastWords())
		}
		return nil, err
	}
	return w, nil
}

func (w *process) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("not ready within %s", startLimit))
	defer cancel()
	stop := context.AfterFunc(ctx, w.kill)
	said, err := w.answer.ReadByte()
	switch {
	case !stop():
		return context.Cause(ctx)
	case err != nil:
		return errEnded
	case said != ready:
		return errors.New("it is not a worker")
	}
	return nil
}

// workerCommand is the command of a worker, with nothing of our environment but what it needs.
func workerCommand(command []string, dir string) (*exec.Cmd, error) {
	var cmd *exec.Cmd
	if len(command) > 0 {
		cmd = exec.Command(command[0], command[1:]...)
	} else {
		path, err := os.Executable()
		if err != nil {
			return nil, err
		}
		cmd = exec.Command(path, WorkerArg)
		if runtime.GOOS == "linux" {
			// The very file that runs now, even when another version was put in its place.
			if _, err := os.Stat("/proc/self/exe"); err == nil {
				cmd.Path = "/proc/self/exe"
			}
		}
	}
	cmd.Env = []string{"GOMAXPROCS=1", "GOMEMLIMIT=400MiB"}
	if dir != "" {
		cmd.Env = append(cmd.Env, privatetmp.Environment(dir))
	}
	// Windows starts nothing without the first; the others say where fonts lie.
	for _, name := range []string{"SYSTEMROOT", "WINDIR", "LOCALAPPDATA", "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_DATA_DIRS"} {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	cmd.SysProcAttr = processAttributes()
	return cmd, nil
}

// draw draws one picture. When ctx ends first the worker is killed. An *Error is the worker's own answer, every other
// error means that the worker is gone.
func (w *process) draw(ctx context.Context, j Job) (File, error) {
	stop := context.AfterFunc(ctx, w.kill)
	defer func() {
		if !stop() {
			w.killed = true
		}
	}()
	if err := writeFrame(w.in, j.head, j.body); err != nil {
		return File{}, err
	}
	var o outcome
	body, err := readFrame(w.answer, &o, maxAnswer)
	if err != nil {
		return File{}, err
	}
	w.drawn++
	w.memory = o.Memory
	if !o.Drawn {
		return File{}, &Error{Message: string(body), Beyond: o.Beyond}
	}
	if !whole(j.format, body) {
		return File{}, &Error{Message: "only a part of it was drawn"}
	}
	return File{body, o.Report}, nil
}

func (w *process) kill() { w.cmd.Process.Kill() }

// ended reports whether the process has ended.
func (w *process) ended() bool {
	select {
	case <-w.end:
		return true
	default:
		return false
	}
}

// stop kills the process and waits for its end.
func (w *process) stop() {
	w.kill()
	<-w.end
	w.in.Close()
	w.out.Close()
}

// lastWords says how the process ended. It must have been stopped or be ending.
func (w *process) lastWords() string {
	<-w.end
	how := w.cmd.ProcessState.String()
	if words := w.words.String(); words != "" {
		return how + ", saying: " + words
	}
	return how
}

// beginning keeps the beginning of what a process writes to stderr: a Go program says first why it ends.
type beginning struct {
	mu   sync.Mutex
	text strings.Builder
}

const maxWords = 500

// Write never fails.
func (t *beginning) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := maxWords - t.text.Len(); room > 0 {
		t.text.Write(b[:min(room, len(b))])
	}
	return len(b), nil
}

func (t *beginning) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(strings.ToValidUTF8(t.text.String(), ""))
}
