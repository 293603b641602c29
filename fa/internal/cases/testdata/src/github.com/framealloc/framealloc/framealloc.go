// Package framealloc stands in for the library in the tests of the checks: its
// signatures are the library's, its bodies do not matter.
package framealloc

import (
	"context"
	"iter"
)

const (
	KiB = 1 << 10
	MiB = 1 << 20
	GiB = 1 << 30
)

type Policy uint8

const (
	Fail Policy = iota
	Warn
	Allow
	Promote
)

type Config struct {
	ChunkSize, MaxFrameBytes, FramesInFlight int
	Debug                                    bool
	Exhaustion                               Policy
}

type Budget struct {
	Soft, Hard int
	Policy     Policy
}

type Stats struct{ Frames uint64 }
type Summary struct{ Bytes int }
type Hooks struct{ FrameEnd func() }

type Promotions struct{ n int }

func (p *Promotions) Summary() Summary { return Summary{} }

type Allocator struct{ main *Worker }

func DefaultConfig() Config             { return Config{} }
func NewAllocator(c Config) *Allocator  { return nil }
func (a *Allocator) Close() error       { return nil }
func (a *Allocator) Main() *Worker      { return a.main }
func (a *Allocator) BeginFrame() *Frame { return nil }
func (a *Allocator) EndFrame()          {}
func (a *Allocator) Frame(fn func(*Frame)) {
}
func (a *Allocator) NewWorker(name string) *Worker       { return nil }
func (a *Allocator) EndFrameWithSummary() Summary        { return Summary{} }
func (a *Allocator) EndFrameWithPromotions() *Promotions { return nil }
func (a *Allocator) Stats() Stats                        { return Stats{} }
func (a *Allocator) Observe(h Hooks) (stop func())       { return nil }
func (a *Allocator) SetBudget(b Budget)                  {}
func (a *Allocator) SetTagBudget(path string, b Budget)  {}
func (a *Allocator) Scratch(name string) *Scratch        { return nil }
func (a *Allocator) ResetScratch()                       {}
func (a *Allocator) source()                             {}

type Worker struct{ frame *Frame }

func (w *Worker) Name() string                        { return "" }
func (w *Worker) Allocator() *Allocator               { return nil }
func (w *Worker) ActiveFrame() *Frame                 { return w.frame }
func (w *Worker) BeginFrame() *Frame                  { return nil }
func (w *Worker) EndFrame()                           {}
func (w *Worker) EndFrameWithSummary() Summary        { return Summary{} }
func (w *Worker) EndFrameWithPromotions() *Promotions { return nil }
func (w *Worker) Frame(fn func(*Frame))               {}
func (w *Worker) Stats() Stats                        { return Stats{} }
func (w *Worker) SetFrameBudget(n int)                {}
func (w *Worker) SetBudget(b Budget)                  {}
func (w *Worker) ProcessDeferred(max int) int         { return 0 }
func (w *Worker) Close() error                        { return nil }
func (w *Worker) source()                             {}

type Source interface{ source() }

type Frame struct{ n uint64 }

type Checkpoint struct{ n int }
type Guard struct{ c Checkpoint }

func (g *Guard) Commit()   {}
func (g *Guard) Rollback() {}

func (f *Frame) Number() uint64                   { return f.n }
func (f *Frame) Active() bool                     { return true }
func (f *Frame) Used() int                        { return 0 }
func (f *Frame) Allocations() int                 { return 0 }
func (f *Frame) Worker() *Worker                  { return nil }
func (f *Frame) Sub(fn func(*Frame))              {}
func (f *Frame) Tag(name string) (end func())     { return nil }
func (f *Frame) WithTag(name string, fn func())   {}
func (f *Frame) CurrentTag() string               { return "" }
func (f *Frame) Phase(name string) (end func())   { return nil }
func (f *Frame) WithPhase(name string, fn func()) {}
func (f *Frame) Checkpoint() Checkpoint           { return Checkpoint{} }
func (f *Frame) Rollback(c Checkpoint)            {}
func (f *Frame) Guard() Guard                     { return Guard{} }
func (f *Frame) Remaining() int                   { return 0 }
func (f *Frame) Fork() *Frame                     { return nil }
func (f *Frame) Join()                            {}
func (f *Frame) source()                          {}

func New[T any](f *Frame) *T                              { return new(T) }
func TryNew[T any](f *Frame) (*T, error)                  { return nil, nil }
func NewValue[T any](f *Frame, v T) *T                    { return &v }
func TryNewValue[T any](f *Frame, v T) (*T, error)        { return nil, nil }
func NewMany[T any](f *Frame, n int) []*T                 { return nil }
func Slice[T any](f *Frame, n int) []T                    { return nil }
func SliceCap[T any](f *Frame, n, c int) []T              { return nil }
func SliceUninit[T any](f *Frame, n int) []T              { return nil }
func TrySlice[T any](f *Frame, n int) ([]T, error)        { return nil, nil }
func Clone[T any](f *Frame, s []T) []T                    { return nil }
func Append[T any](f *Frame, s []T, values ...T) []T      { return nil }
func String(f *Frame, s string) string                    { return "" }
func Bytes(f *Frame, n int) []byte                        { return nil }
func AlignedBytes(f *Frame, n, align int) []byte          { return nil }
func TryAlignedBytes(f *Frame, n, align int) ([]byte, error) { return nil, nil }
func Sprintf(f *Frame, format string, args ...any) string { return "" }

type Text struct{ b []byte }

func NewText(f *Frame) *Text       { return nil }
func (t *Text) Str(s string) *Text { return t }
func (t *Text) Int(n int) *Text    { return t }
func (t *Text) String() string     { return "" }

type Buffer struct{ b []byte }

func NewBuffer(f *Frame) *Buffer              { return nil }
func (b *Buffer) Write(p []byte) (int, error) { return 0, nil }
func (b *Buffer) Bytes() []byte               { return b.b }

type Vec[T any] struct{ s []T }

func NewVec[T any](f *Frame, capacity int) *Vec[T] { return nil }
func (v *Vec[T]) Push(x T)                         {}
func (v *Vec[T]) Len() int                         { return 0 }
func (v *Vec[T]) At(i int) T                       { return v.s[i] }
func (v *Vec[T]) Ref(i int) *T                     { return &v.s[i] }
func (v *Vec[T]) Slice() []T                       { return v.s }
func (v *Vec[T]) Pop() (x T, ok bool)              { return }
func (v *Vec[T]) All() iter.Seq2[int, T]           { return nil }

type Map[K comparable, V any] struct{ m map[K]V }

func NewMap[K comparable, V any](f *Frame, capacity int) *Map[K, V] { return nil }
func (m *Map[K, V]) Put(key K, value V)                             {}
func (m *Map[K, V]) Get(key K) (value V, ok bool)                   { return }

type FrameBox[T any] struct{ p *T }

func NewBox[T any](f *Frame) FrameBox[T] { return FrameBox[T]{} }
func (b FrameBox[T]) Get() *T            { return b.p }

type Arena[T any] struct{ f *Frame }

func ArenaOf[T any](f *Frame) Arena[T] { return Arena[T]{} }
func (a Arena[T]) New() *T             { return nil }

func Speculate(f *Frame, fn func() error) error { return fn() }

type RetentionPolicy struct{ kind int }

var (
	Discard = RetentionPolicy{0}
	ToPool  = RetentionPolicy{1}
	ToHeap  = RetentionPolicy{2}
)

func ToScratch(name string) RetentionPolicy { return RetentionPolicy{3} }

type Retained[T any] struct{ p *T }

func Retain[T any](f *Frame, policy RetentionPolicy) Retained[T] { return Retained[T]{} }
func (h Retained[T]) Value() *T                                  { return h.p }

func Promoted[T any](p *Promotions, h Retained[T]) (*T, error) { return nil, nil }

func Parallel(f *Frame, n int, fn func(f *Frame, i int)) {}

type ForkGroup struct{ f *Frame }

func NewForkGroup(ctx context.Context, f *Frame) *ForkGroup { return nil }
func (g *ForkGroup) Go(fn func(f *Frame) error)             {}
func (g *ForkGroup) Wait() error                            { return nil }

type Pool[T any] struct{ free []*T }

func PoolOf[T any](src Source) *Pool[T] { return nil }
func (p *Pool[T]) Get() *T              { return nil }
func (p *Pool[T]) Put(x *T)             {}
func PoolGet[T any](src Source) *T      { return nil }
func PoolPut[T any](src Source, x *T)   {}

type Box[T any] struct{ p *T }

func PoolBox[T any](src Source) Box[T] { return Box[T]{} }

func (b Box[T]) TryGet() (*T, error) { return nil, nil }
func (b Box[T]) Get() *T               { return b.p }
func (b Box[T]) Free()                 {}

func BytesGet(src Source, n int) []byte      { return nil }
func BytesPut(src Source, b []byte)          {}
func HeapNew[T any](src Source) *T           { return new(T) }
func HeapSlice[T any](src Source, n int) []T { return nil }

type Scratch struct{ f *Frame }

func (s *Scratch) Frame() *Frame { return s.f }
func (s *Scratch) Reset()        {}
func (s *Scratch) Name() string  { return "" }

func (s *Scratch) Free() {}

type Destination struct{ n int }

func PromoteSlice[T any](d *Destination, s []T) []T { return nil }

func (b Box[T]) FreeFrom(src Source) {}
