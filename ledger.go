package framealloc

import (
	"fmt"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
)

// A ledger takes the place of a depot's magazines in debug mode: it knows every
// object of the type, who has it, and where it was put. Free objects wait in line,
// so that one which is written to after Put is not handed out too soon for the
// mistake to show. The depot's lock guards it.
//
// Objects without a size have no identity; they are not in it.
type ledger struct {
	objects map[unsafe.Pointer]*objectState
	free    []unsafe.Pointer // the one put first in front
}

type objectState struct {
	free  bool
	putAt uintptr // program counter of the last Put; 0: none yet
	putBy string  // worker
}

func newLedger() *ledger { return &ledger{objects: make(map[unsafe.Pointer]*objectState)} }

// get hands out an object that was put untouched since.
func (l *ledger) get(p *pool) unsafe.Pointer {
	d := p.depot
	p.gets++
	p.net++
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kind.size == 0 {
		return d.kind.make(1)
	}
	if len(l.free) == 0 {
		x := d.kind.make(1)
		l.objects[x] = new(objectState)
		p.made++
		return x
	}
	x := l.free[0]
	l.free = l.free[1:]
	s := l.objects[x]
	s.free = false
	if !d.kind.zero(x) {
		delete(l.objects, x) // it still has a user: leave it to that one
		p.gets--
		p.net--
		p.misput(fmt.Sprintf("a %v was written to after it was put into its pool", d.kind),
			"found when it was about to be handed out again; "+s.String(),
			"forget every pointer to an object when it is put; a Box (PoolBox) reports the access itself")
	}
	return x
}

// put takes an object back that it knows to be out.
func (l *ledger) put(p *pool, x unsafe.Pointer) {
	d := p.depot
	if err := d.retire(p.w.name, x); err != nil {
		err.Frame = p.w.number
		panic(err)
	}
	d.kind.clear(x)
	d.shelve(x)
	p.net--
}

// retire, in debug mode, notes that an object is out no more, unless it is not
// out. worker is the one it goes to.
func (d *depot) retire(worker string, x unsafe.Pointer) *diag.Error {
	if d.kind.size == 0 {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.ledger.objects[x]
	switch {
	case s == nil:
		return misput(worker, 0, fmt.Sprintf("a %v put into a pool that it is not from", d.kind), "",
			"put only what Get of the same allocator returned, and the pointer as it was returned")
	case s.free:
		return misput(worker, 0, fmt.Sprintf("a %v put twice", d.kind), s.String(),
			"put an object once, where its last user is done with it; a Box (PoolBox) checks each access")
	}
	*s = objectState{free: true, putAt: diag.CallerPC(), putBy: worker}
	return nil
}

// unretire undoes retire.
func (d *depot) unretire(x unsafe.Pointer) {
	if d.ledger == nil || d.kind.size == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	*d.ledger.objects[x] = objectState{}
}

// shelve, in debug mode, adds a retired and cleared object to the free ones.
func (d *depot) shelve(x unsafe.Pointer) {
	if d.kind.size == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ledger.free = append(d.ledger.free, x)
}

// trim forgets the free objects.
func (l *ledger) trim() {
	for _, x := range l.free {
		delete(l.objects, x)
	}
	l.free = nil
}

// String says where the object was put.
func (s *objectState) String() string {
	at := diag.Diagnostic{PC: s.putAt}.Complete().Caller
	if at == "" {
		at = "an unknown place"
	}
	return fmt.Sprintf("it was put at %s by worker %q", at, s.putBy)
}
