package main

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress shows a bar on stderr while something long goes on, if stderr is a terminal: how many bytes are done, or how many
// pieces. end takes it away.
func (a *app) progress(what string, bytes bool) (report func(done, total int64), end func()) {
	if !terminal(a.stderr) {
		return nil, func() {}
	}
	bar := a.bar(what, progressbar.OptionShowBytes(bytes), progressbar.OptionShowCount())
	return func(done, total int64) {
		bar.ChangeMax64(max(total, 1))
		bar.Set64(done)
	}, func() { bar.Finish() }
}

// working shows on stderr that something goes on of which nobody knows how long it takes. end takes it away, and may be
// called again.
func (a *app) working(what string) (end func()) {
	if !terminal(a.stderr) {
		return func() {}
	}
	bar := a.bar(what, progressbar.OptionSpinnerType(14))
	stop := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(150 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				bar.Add(1)
			}
		}
	}()
	return sync.OnceFunc(func() {
		close(stop)
		<-stopped
		bar.Finish()
	})
}

func (a *app) bar(what string, more ...progressbar.Option) *progressbar.ProgressBar {
	return progressbar.NewOptions64(-1, append(more,
		progressbar.OptionSetWriter(a.stderr), progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetWidth(30))...)
}
