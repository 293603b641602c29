package snapshot

import (
	"errors"
	"fmt"
	"time"
)

// RequestFile is the name of the file that asks for a snapshot where
// [Config].RequestFile does not say otherwise.
const RequestFile = "snapshot.request"

// Config says when an [Emitter] writes snapshots and how many it keeps. Only Dir
// is needed.
type Config struct {
	// Dir is the directory to write to. It is made when the first snapshot is
	// written.
	Dir string

	// Every is the time from one snapshot to the next. 0: snapshots are only
	// taken on request.
	Every time.Duration
	// MinInterval is the least time between two snapshots, requests included: a
	// request waits until it has passed. 0: half a second. Negative: none.
	MinInterval time.Duration
	// AtClose takes a last snapshot when the emitter is closed.
	AtClose bool

	// RequestFile is the name of a file in Dir: while a file of that name
	// appears or is touched, a snapshot is taken at the next frame boundary. The
	// file is removed once the snapshot is written. "": the constant
	// [RequestFile]. RequestPoll is how often to look. 0: every quarter of a
	// second. Negative: never.
	RequestFile string
	RequestPoll time.Duration

	// Keep and KeepBytes bound the number of snapshots in Dir and their size.
	// The oldest are removed, those of earlier runs included; the last one is
	// always kept. 0: 30 snapshots, and 64 MiB. Negative: no bound. Other files
	// in Dir are left alone.
	Keep      int
	KeepBytes int64

	// Queue is how many snapshots may wait to be written. When a snapshot is
	// due and all are waiting, it is dropped. 0: 4.
	Queue int
	// Sync has each snapshot written through to the disk, so that it survives a
	// crash of the system and not only one of the program.
	Sync bool

	// Worker is the name of the worker at whose frame boundaries snapshots are
	// taken. "": the main worker. Its name should be no other's.
	Worker string

	// Files is where to write. nil: the operating system's files.
	Files Files
}

// complete fills in what is left open.
func (c *Config) complete(main string) error {
	if c.Dir == "" {
		return errors.New("snapshot: Config.Dir is empty, want a directory to write snapshots to")
	}
	if c.Every < 0 {
		return fmt.Errorf("snapshot: Config.Every is %v, want 0 (on request only) or more", c.Every)
	}
	if c.Queue < 0 {
		return fmt.Errorf("snapshot: Config.Queue is %d, want 0 (the default) or more", c.Queue)
	}
	orElse(&c.MinInterval, 500*time.Millisecond)
	orElse(&c.RequestPoll, 250*time.Millisecond)
	orElse(&c.RequestFile, RequestFile)
	orElse(&c.Keep, 30)
	orElse(&c.KeepBytes, 64<<20)
	orElse(&c.Queue, 4)
	orElse(&c.Worker, main)
	if c.Files == nil {
		c.Files = osFiles{}
	}
	return nil
}

// orElse sets what is zero.
func orElse[T comparable](p *T, otherwise T) {
	var zero T
	if *p == zero {
		*p = otherwise
	}
}
