package neo4jstore

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
)

// An import in batches goes through phases, which the organisation's node tells. Nobody sees anything of it in whoserves
// before its last transaction moves the version; only the plain graph is in between while it is applied. The steps are
// counted: each is one transaction, which first makes sure that the import still has its owner and that the step was not
// done already, and renews the lease. So whoever lost the connection knows what was done, and whoever lost the ownership
// writes nothing more.
type phase string

const (
	logging   phase = "logging"   // log and facts are being written: to give up is to remove them
	applying  phase = "applying"  // the plain graph follows: whoever takes over goes on
	reverting phase = "reverting" // the plain graph is taken back: whoever takes over goes on with that
)

// pending is an import in batches that has not ended.
type pending struct {
	version int64 // that it leads to
	owner   string
	phase   phase
	step    int64
	left    time.Duration // of the lease, by the server's clock
}

// pendingError says that somebody else's import in batches is going on.
type pendingError struct{ *pending }

func (e *pendingError) Error() string {
	return fmt.Sprintf("somebody else is importing version %d", e.version)
}

// errFenced says that somebody else took an import over, since its lease had run out.
var errFenced = errors.New("another program took the import over, as this one had been silent for too long")

// job is an import in batches as its owner sees it.
type job struct {
	*target
	owner string
	phase phase
	step  int64
	// isUnsure says that the last step was given up without knowing whether it was done.
	isUnsure bool
}

// putInBatches writes an import that is too large for one transaction.
func (s *Store) putInBatches(ctx context.Context, w *work) error {
	j := &job{target: w.target(), owner: w.token, phase: logging}
	if err := s.announce(ctx, w, j); err != nil {
		return err
	}
	err := s.putSteps(ctx, w, j)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errFenced):
		return s.afterFence(ctx, w, err)
	}
	return s.giveUp(ctx, w, j, err)
}

func (s *Store) putSteps(ctx context.Context, w *work, j *job) error {
	if err := s.steps(ctx, j, s.logged(w), s.fresh(w)); err != nil {
		return err
	}
	if err := s.enter(ctx, j, applying); err != nil {
		return err
	}
	if err := s.steps(ctx, j, graphStatements(w.delta, s.by.rows, false)); err != nil {
		return err
	}
	return s.finish(ctx, j)
}

// announce makes an import in batches known, with all that another needs to finish it.
func (s *Store) announce(ctx context.Context, w *work, j *job) error {
	text, err := json.Marshal(j.record)
	if err != nil {
		return err
	}
	params := map[string]any{"org": s.org, "version": j.version, "owner": j.owner, "phase": string(j.phase), "lease": s.by.lease.Milliseconds(), "seal": j.seal,
		"names": j.names, "ranks": j.ranks, "gone": j.gone, "record": string(text), "chunks": j.chunks, "token": j.token}
	return s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
		if err := s.begin(ctx, tx, w); err != nil {
			var other *pendingError
			if errors.As(err, &other) && other.owner == j.owner {
				return nil // it was written, but the answer was lost
			}
			return err
		}
		return exec(ctx, tx, `MATCH (o:WhoservesOrg {name: $org}) SET o.pending = $version, o.owner = $owner, o.phase = $phase, o.step = 0, o.lease = timestamp() + $lease,
			o.begun = coalesce(o.begun, 0) + 1,
			o.pending_seal = $seal, o.pending_sources = $names, o.pending_ranks = $ranks, o.pending_gone = $gone, o.pending_record = $record,
			o.pending_chunks = $chunks, o.pending_token = $token`, params)
	})
}

// forget takes the announcement away, in the transaction that ends the import.
const forget = `MATCH (o:WhoservesOrg {name: $org}) REMOVE o.pending, o.owner, o.phase, o.step, o.lease, o.pending_seal, o.pending_sources, o.pending_ranks,
	o.pending_gone, o.pending_record, o.pending_chunks, o.pending_token`

// steps runs each statement as a step, or as several where the server has too little memory for that.
func (s *Store) steps(ctx context.Context, j *job, all ...statements) error {
	for st, err := range ahead(all...) {
		if err != nil {
			return err
		}
		if err := s.doStatement(ctx, j, st); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) doStatement(ctx context.Context, j *job, st statement) error {
	err := s.doStep(ctx, j, st.run)
	if n := len(st.rows); isTooLarge(err) && n > 1 {
		first, second := statement{st.cypher, st.rows[:n/2]}, statement{st.cypher, st.rows[n/2:]}
		if err = s.doStatement(ctx, j, first); err == nil {
			err = s.doStatement(ctx, j, second)
		}
	}
	return err
}

// stepTries is how often a step is tried whose outcome was lost with the connection.
const stepTries = 5

// doStep does a step unless it was done already.
func (s *Store) doStep(ctx context.Context, j *job, do func(ctx context.Context, tx runner) error) error {
	if j.isUnsure {
		if err := s.learnStep(ctx, j); err != nil {
			return err
		}
	}
	for try := 1; ; try++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
			p, err := s.lockOwn(ctx, tx, j)
			switch {
			case err != nil:
				return err
			case p.step == j.step+1:
				return nil // done, but the answer was lost
			case p.step != j.step:
				return errFenced
			}
			if err := do(ctx, tx); err != nil {
				return err
			}
			return exec(ctx, tx, "MATCH (o:WhoservesOrg {name: $org}) WHERE o.pending IS NOT NULL SET o.step = $step, o.lease = timestamp() + $lease",
				map[string]any{"org": s.org, "step": j.step + 1, "lease": s.by.lease.Milliseconds()})
		})
		if err == nil {
			j.step++
			j.isUnsure = false
			return nil
		}
		lost := errors.Is(err, errOutcomeUnknown)
		j.isUnsure = j.isUnsure || lost
		if !lost || try == stepTries {
			return err
		}
	}
}

// lockOwn locks the organisation for a transaction of an import's owner; errFenced when somebody else took the import over.
func (s *Store) lockOwn(ctx context.Context, tx runner, j *job) (*pending, error) {
	h, err := s.lock(ctx, tx)
	if err != nil {
		return nil, err
	}
	if h.pending == nil || h.pending.owner != j.owner {
		return nil, errFenced
	}
	return h.pending, nil
}

// learnStep finds out whether the step that was given up was done.
func (s *Store) learnStep(ctx context.Context, j *job) error {
	err := s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
		p, err := s.lockOwn(ctx, tx, j)
		if err != nil {
			return err
		}
		j.step, j.isUnsure = p.step, false
		return errOnlyLooked
	})
	if errors.Is(err, errOnlyLooked) {
		return nil
	}
	return err
}

// enter goes to another phase.
func (s *Store) enter(ctx context.Context, j *job, next phase) error {
	err := s.doStep(ctx, j, func(ctx context.Context, tx runner) error {
		return exec(ctx, tx, "MATCH (o:WhoservesOrg {name: $org}) SET o.phase = $phase", map[string]any{"org": s.org, "phase": string(next)})
	})
	if err == nil {
		j.phase = next
	}
	return err
}

// finish is the last step: the version moves and everybody sees the import.
func (s *Store) finish(ctx context.Context, j *job) error {
	return s.doStep(ctx, j, func(ctx context.Context, tx runner) error {
		if err := s.moveTo(ctx, tx, j.target); err != nil {
			return err
		}
		return exec(ctx, tx, forget, map[string]any{"org": s.org})
	})
}

// clear is the last step of an import that comes to nothing: what it wrote for later is removed.
func (s *Store) clear(ctx context.Context, j *job) error {
	return s.doStep(ctx, j, func(ctx context.Context, tx runner) error {
		params := map[string]any{"org": s.org, "prefix": s.org + "/", "log": s.versionUID(j.version) + "/", "version": j.version}
		for _, cypher := range []string{
			"MATCH (c:WhoservesChanges) WHERE c.uid STARTS WITH $log DETACH DELETE c",
			"MATCH (f:WhoservesFacts) WHERE f.uid STARTS WITH $prefix AND f.since >= $version DETACH DELETE f",
			forget,
		} {
			if err := exec(ctx, tx, cypher, params); err != nil {
				return err
			}
		}
		return nil
	})
}

// undoTime is how long an import that was given up may take to take back what it wrote.
const undoTime = 30 * time.Second

// giveUp ends an own import that failed or was cancelled: nothing of it stays. Where that cannot be done in time, whoever
// comes to write next does it.
func (s *Store) giveUp(ctx context.Context, w *work, j *job, cause error) error {
	if errors.Is(cause, errOutcomeUnknown) && j.phase == applying { // it may have been the last step
		done, err := s.isDone(ctx, w)
		switch {
		case done:
			return nil
		case err != nil:
			return errors.Join(cause, err)
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTime)
	defer cancel()
	err := s.undo(ctx, j, w)
	switch {
	case err == nil:
		return cause
	case j.phase == applying:
		return fmt.Errorf("%w; %w: the next program that writes to the store finishes the import", cause, errOutcomeUnknown)
	}
	s.release(ctx, j)
	return fmt.Errorf("%w; what was written is taken back by the next program that writes to the store, as that failed too: %w", cause, err)
}

// undo takes the plain graph back as far as it was written, and removes what was written for later.
func (s *Store) undo(ctx context.Context, j *job, w *work) error {
	if j.phase == applying {
		if err := s.enter(ctx, j, reverting); err != nil {
			return err
		}
	}
	if j.phase == reverting {
		if err := s.steps(ctx, j, graphStatements(deltaOf(w.after.org, w.before.org), s.by.rows, true)); err != nil {
			return err
		}
	}
	if err := s.clear(ctx, j); !errors.Is(err, errFenced) {
		return err
	}
	return nil // somebody else does it, or the answer was lost
}

// release lets the lease run out at once; when that fails it runs out by itself.
func (s *Store) release(ctx context.Context, j *job) {
	ctx, cancel := quick(context.WithoutCancel(ctx))
	defer cancel()
	s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
		return exec(ctx, tx, "MATCH (o:WhoservesOrg {name: $org, owner: $owner}) SET o.lease = 0", map[string]any{"org": s.org, "owner": j.owner})
	})
}

// afterFence waits for whoever took an own import over and tells what came of it.
func (s *Store) afterFence(ctx context.Context, w *work, fenced error) error {
	if _, err := s.settle(ctx); err != nil {
		return errors.Join(fenced, errOutcomeUnknown, err)
	}
	done, err := s.isDone(ctx, w)
	switch {
	case err != nil:
		return errors.Join(fenced, errOutcomeUnknown, err)
	case !done:
		return fmt.Errorf("%w; nothing of it was kept", fenced)
	}
	return nil
}

// settle waits until no import in batches is going on, and gives what the organisation says then. One whose lease has run out it
// takes over and brings to its end.
func (s *Store) settle(ctx context.Context) (head, error) {
	for {
		h, err := s.head(ctx)
		if err != nil || h.pending == nil {
			return h, err
		}
		if h.pending.left >= 0 {
			if err := sleep(ctx, min(h.pending.left+5*time.Millisecond, 300*time.Millisecond)); err != nil {
				return h, err
			}
			continue
		}
		j, err := s.take(ctx, h.pending)
		if err != nil {
			return h, err
		}
		if j == nil {
			continue
		}
		if err := s.complete(ctx, j); err != nil && !errors.Is(err, errFenced) {
			s.release(ctx, j)
			return h, fmt.Errorf("an import that another program left unfinished could not be brought to its end: %w", err)
		}
	}
}

// take makes an import whose lease ran out one's own; nil when somebody else was faster.
func (s *Store) take(ctx context.Context, seen *pending) (*job, error) {
	var j *job
	owner := rand.Text()
	err := s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
		j = nil
		h, err := s.lock(ctx, tx)
		if err != nil || h.pending == nil || h.pending.owner != seen.owner || h.pending.left >= 0 {
			return err
		}
		if j, err = s.readJob(ctx, tx, h.pending, owner); err != nil {
			return err
		}
		return s.renew(ctx, tx, j)
	})
	if errors.Is(err, errOutcomeUnknown) {
		return nil, nil // found out by who looks again
	}
	return j, err
}

// renew makes sure that an import is in its owner's hands for another while.
func (s *Store) renew(ctx context.Context, tx runner, j *job) error {
	return exec(ctx, tx, "MATCH (o:WhoservesOrg {name: $org}) SET o.owner = $owner, o.lease = timestamp() + $lease",
		map[string]any{"org": s.org, "owner": j.owner, "lease": s.by.lease.Milliseconds()})
}

// readJob reads what an unfinished import was to become.
func (s *Store) readJob(ctx context.Context, tx runner, p *pending, owner string) (*job, error) {
	result, err := tx.Run(ctx, `MATCH (o:WhoservesOrg {name: $org}) RETURN o.pending_seal AS seal, o.pending_sources AS names, o.pending_ranks AS ranks,
		o.pending_gone AS gone, o.pending_record AS record, o.pending_chunks AS chunks, o.pending_token AS token`, map[string]any{"org": s.org})
	if err != nil {
		return nil, err
	}
	record, err := result.Single(ctx)
	if err != nil {
		return nil, err
	}
	row := values{record, nil}
	t := &target{version: p.version, seal: row.text("seal"), names: listOf[string](&row, "names"), ranks: listOf[int64](&row, "ranks"),
		gone: listOf[string](&row, "gone"), chunks: row.chunks("chunks"), token: row.text("token")}
	text := row.text("record")
	if row.err == nil {
		row.err = json.Unmarshal([]byte(text), &t.record)
	}
	if row.err != nil {
		return nil, damaged("an unfinished import", row.err)
	}
	return &job{target: t, owner: owner, phase: p.phase, step: p.step}, nil
}

// listOf reads a list of one type.
func listOf[T any](v *values, name string) []T {
	list := []T{}
	for _, x := range v.list(name) {
		t, ok := x.(T)
		if !ok && v.err == nil {
			v.err = fmt.Errorf("its %s holds a %T", name, x)
		}
		list = append(list, t)
	}
	return list
}

// complete brings an import that was taken over to its end: forwards when its plain graph was begun, else back.
func (s *Store) complete(ctx context.Context, j *job) error {
	if j.phase == logging {
		return s.clear(ctx, j)
	}
	stop := s.keep(ctx, j)
	w, err := s.rebuild(ctx, j)
	stop()
	if err != nil {
		return err
	}
	if j.phase == reverting {
		return s.undo(ctx, j, w)
	}
	if err := s.steps(ctx, j, graphStatements(w.delta, s.by.rows, true)); err != nil {
		return err
	}
	return s.finish(ctx, j)
}

// rebuild works out from the log what an unfinished import writes to the plain graph.
func (s *Store) rebuild(ctx context.Context, j *job) (*work, error) {
	before, err := s.facts(ctx)
	if err != nil {
		return nil, err
	}
	if before.org.Version != j.version-1 {
		return nil, errFenced
	}
	var sets []*graph.ChangeSet
	err = s.read(ctx, func(tx neo4j.ManagedTransaction) error {
		sets, err = s.readChanges(ctx, tx, s.changesUIDs(j.version, j.chunks))
		return err
	})
	if err != nil {
		return nil, err
	}
	org, err := before.org.Apply(graph.Compose(sets...))
	if err != nil {
		return nil, damaged("the log of an unfinished import", err)
	}
	org.Version = j.version
	return &work{before: before, after: &facts{org: org}, delta: deltaOf(before.org, org)}, nil
}

// keep renews the lease now and then while its owner is busy with other things, until stop is called.
func (s *Store) keep(ctx context.Context, j *job) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for sleep(ctx, s.by.lease/3) == nil {
			s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
				if _, err := s.lockOwn(ctx, tx, j); err != nil {
					return err
				}
				return s.renew(ctx, tx, j)
			})
		}
	}()
	return func() { cancel(); <-done }
}
