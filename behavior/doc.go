// Package behavior compares what memory is used for with what it was taken for. A
// [Filter] watches an allocator and keeps sums for each tag and intent; its
// [Report] names the tags whose use does not match their intent:
//
//	FA501  frame data that lives long: equal memory is built again every frame
//	FA502  high survival: much of what a tag takes from its frames is promoted
//	FA510  pool used as scratch: objects are put back in the frame that took them
//	FA520  promotion churn: values are promoted in nearly every frame
//	FA530  heap in the hot path: heap intent, or spilled bytes, in many frames
//	FA531  heap garbage: anyone allocates on the heap during the frames
//
// The last one is of a worker's frames and not of a tag, and is looked for while
// framealloc.ModeGarbage is on, and no other mode: those allocate themselves.
//
// In a test one line is enough, and fails it if there is such a tag:
//
//	behavior.Require(t, alloc)
//
// In a running program:
//
//	filter := behavior.Watch(alloc, behavior.Options{})
//	…
//	fmt.Print(filter.Report())
//
// # What it costs
//
// The sums come from the books that tags keep anyway: at the end of each frame
// one call for each tag that was used in it, well below a microsecond. Allocations
// from frames stay as fast as they are. Two things need a closer look, and get it
// in one frame of so many only ([Options]): single pool objects and heap intent
// (each costs about two microseconds in such a frame, for the calling line is
// looked up), and the contents of each tag's memory (64 KiB of it are hashed in
// some microseconds). Memory is bounded by the number of workers and tags. In the
// steady state the filter allocates nothing.
//
// # What it does not see
//
// Tags are judged by worker, so give workers names of their own. What forks take
// is booked to the frame they were forked from, but their single pool objects and
// the values they retain are not followed. Heap memory that nobody asked framealloc
// for has no tag; and of frames that run at the same time, each counts all of it.
package behavior
