package viewer

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// task is something of an import that takes long: reading files, comparing them, importing. It goes on in the background; what came of
// it stays until there are too many others.
type task[T any] struct {
	done   chan struct{}
	cancel context.CancelFunc
	value  T
	err    error

	read, of atomic.Int64 // bytes; of is 0 where nothing is counted
}

// ready says whether the task is over, and waits for that, but not for long.
func (t *task[T]) ready(ctx context.Context, patience time.Duration) bool {
	if t.isOver() {
		return true
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-t.done:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

func (t *task[T]) isOver() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// tasks are those of one kind. At most so many that are over are kept.
type tasks[T any] struct {
	keeper *keeper
	most   int

	mu    sync.Mutex
	byKey map[string]*task[T]
	order []string // the one that was asked for last comes last
}

func newTasks[T any](k *keeper, most int) *tasks[T] {
	return &tasks[T]{keeper: k, most: most, byKey: map[string]*task[T]{}}
}

// of gives the task of a key, and begins it when there is none. Keys begin with the id of their draft.
func (ts *tasks[T]) of(key string, do func(ctx context.Context, t *task[T]) (T, error)) *task[T] {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if t := ts.byKey[key]; t != nil {
		ts.touch(key)
		ts.forgetOld()
		return t
	}
	ctx, cancel := context.WithCancel(ts.keeper.life)
	t := &task[T]{done: make(chan struct{}), cancel: cancel}
	if !ts.keeper.spawn(func() {
		defer close(t.done)
		defer cancel()
		t.err = safely(func() (err error) {
			t.value, err = do(ctx, t)
			return err
		})
	}) {
		cancel()
		t.err = context.Canceled
		close(t.done)
	}
	ts.byKey[key] = t
	ts.touch(key)
	ts.forgetOld()
	return t
}

// again is of, where a task of that key that failed is begun anew.
func (ts *tasks[T]) again(key string, do func(ctx context.Context, t *task[T]) (T, error)) *task[T] {
	ts.mu.Lock()
	if t := ts.byKey[key]; t != nil && t.isOver() && t.err != nil {
		delete(ts.byKey, key)
		ts.unlist(key)
	}
	ts.mu.Unlock()
	return ts.of(key, do)
}

// find gives the task of a key; nil when there is none.
func (ts *tasks[T]) find(key string) *task[T] {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return ts.byKey[key]
}

func (ts *tasks[T]) touch(key string) {
	ts.unlist(key)
	ts.order = append(ts.order, key)
}

func (ts *tasks[T]) unlist(key string) {
	for i, k := range ts.order {
		if k == key {
			ts.order = append(ts.order[:i], ts.order[i+1:]...)
			return
		}
	}
}

// forgetOld forgets the tasks that are over and that nobody asked for the longest. One that goes on is not ended for others: whoever looks
// at its page would begin it anew, and end one of theirs.
func (ts *tasks[T]) forgetOld() {
	over := 0
	for i := len(ts.order) - 1; i >= 0; i-- {
		key := ts.order[i]
		newest := i == len(ts.order)-1
		if !newest && !ts.byKey[key].isOver() {
			continue
		}
		if over++; over > ts.most {
			delete(ts.byKey, key)
			ts.order = slices.Delete(ts.order, i, i+1)
		}
	}
}

// forget ends and forgets all tasks of a draft, but for the one of a key.
func (ts *tasks[T]) forget(draft, but string) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for key, t := range ts.byKey {
		if key != but && strings.HasPrefix(key, draft) {
			t.cancel()
			delete(ts.byKey, key)
			ts.unlist(key)
		}
	}
}
