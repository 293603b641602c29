package arkframe

import (
	"github.com/framealloc/framealloc"
	"github.com/mlange-42/ark/ecs"
)

// System is the shape of a system as ark-tools and most schedulers for Ark have it.
// BeginFrame and EndFrame are two; nothing here depends on who runs them.
type System interface {
	Initialize(w *ecs.World)
	Update(w *ecs.World)
	Finalize(w *ecs.World)
}

// BeginFrame is the system that begins each frame. It comes first.
type BeginFrame struct {
	// Options are those of [Install], which Initialize calls if the world has no
	// frames yet. In that case the EndFrame system closes them.
	Options []Option

	// In, if not nil, returns the frame for this turn, which somebody else begins
	// and ends: ebitenframe.Frame, for one. See [Frames.Enter].
	In func() *framealloc.Frame

	frames *Frames
}

// Initialize installs the world's frames, if it has none.
func (s *BeginFrame) Initialize(w *ecs.World) {
	s.frames = ecs.GetResource[Frames](w)
	if s.frames == nil {
		s.frames = Install(w, s.Options...)
		s.frames.bySystems = true
	}
}

// Update begins the frame. When the one before was not ended, because there is no EndFrame
// system or it was not called, Update reports FA102 and ends it without its commands.
func (s *BeginFrame) Update(*ecs.World) {
	fs := s.frames
	if fs.live() {
		fs.giveUp("was not ended by an EndFrame system", "put an &arkframe.EndFrame{} behind all other systems")
	}
	if s.In != nil {
		fs.Enter(s.In())
	} else {
		fs.Begin()
	}
}

// Finalize does nothing: other systems' Finalize may need the frames.
func (s *BeginFrame) Finalize(*ecs.World) {}

// EndFrame is the system that applies the commands and ends each frame. It comes last.
type EndFrame struct{ frames *Frames }

// Initialize finds the world's frames. It panics with FA101 if there are none: BeginFrame
// must come first.
func (s *EndFrame) Initialize(w *ecs.World) { s.frames = Of(w) }

// Update ends the frame. Where none was begun, because there is no BeginFrame system or it
// was not called, it reports FA102.
func (s *EndFrame) Update(*ecs.World) {
	fs := s.frames
	if fs.frame == nil {
		fs.Allocator().Reporter().Report(fs.outside("the system EndFrame was updated, to end a frame,").Diagnostic)
		return
	}
	fs.End()
}

// Finalize closes the frames if BeginFrame has installed them. Commands of a frame that was
// begun and not ended are dropped.
func (s *EndFrame) Finalize(*ecs.World) {
	fs := s.frames
	if fs.frame != nil {
		fs.giveUp("was active when the systems were finalized", "finalize systems between two turns")
	}
	if fs.bySystems {
		if err := fs.Close(); err != nil {
			panic(err)
		}
	}
}
