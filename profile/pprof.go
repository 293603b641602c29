package profile

import (
	"math"
	"runtime"
	"strings"
)

// The numbers of the fields in pprof's profile.proto, by message.
const (
	profileSampleType        = 1
	profileSample            = 2
	profileMapping           = 3
	profileLocation          = 4
	profileFunction          = 5
	profileStringTable       = 6
	profileTimeNanos         = 9
	profileDurationNanos     = 10
	profilePeriodType        = 11
	profilePeriod            = 12
	profileDefaultSampleType = 14

	valueTypeType = 1
	valueTypeUnit = 2

	sampleLocation = 1
	sampleValue    = 2
	sampleLabel    = 3

	labelKey = 1
	labelStr = 2

	mappingID              = 1
	mappingHasFunctions    = 7
	mappingHasFilenames    = 8
	mappingHasLineNumbers  = 9
	mappingHasInlineFrames = 10

	locationID      = 1
	locationMapping = 2
	locationAddress = 3
	locationLine    = 4

	lineFunction = 1
	lineLine     = 2

	functionID         = 1
	functionName       = 2
	functionSystemName = 3
	functionFilename   = 4
)

// An encoder builds pprof's Profile message.
type encoder struct {
	out       message
	strings   map[string]int64
	table     []string
	locations map[uintptr]*location
	functions map[[2]string]int64 // by name and file
}

// A location is a program counter that was looked up.
type location struct {
	id             int64 // 0: not written yet
	function, file string
	line           int
}

// encode returns the snapshot as a Profile message. Names are looked up here, so
// that no tool needs the program.
func (s *snapshot) encode() []byte {
	e := &encoder{
		strings:   map[string]int64{},
		locations: map[uintptr]*location{}, functions: map[[2]string]int64{},
	}
	e.string("")
	for _, t := range [...][2]string{
		{"alloc_objects", "count"}, {"alloc_space", "bytes"}, {"inuse_objects", "count"}, {"inuse_space", "bytes"},
	} {
		e.out.bytes(profileSampleType, e.valueType(t[0], t[1]))
	}
	for _, x := range s.samples {
		e.sample(&x)
	}
	var m message // the one program; it need not be looked into
	m.int(mappingID, 1)
	m.bool(mappingHasFunctions, true)
	m.bool(mappingHasFilenames, true)
	m.bool(mappingHasLineNumbers, true)
	m.bool(mappingHasInlineFrames, true)
	e.out.bytes(profileMapping, m)
	e.out.int(profileTimeNanos, s.begin.UnixNano())
	e.out.int(profileDurationNanos, int64(s.end.Sub(s.begin)))
	e.out.bytes(profilePeriodType, e.valueType("space", "bytes"))
	e.out.int(profilePeriod, int64(s.rate))
	e.out.int(profileDefaultSampleType, e.string("alloc_space"))
	for _, text := range e.table {
		e.out.bytes(profileStringTable, []byte(text))
	}
	return e.out
}

// string returns the number of a text in the table of strings.
func (e *encoder) string(text string) int64 {
	id, known := e.strings[text]
	if !known {
		id = int64(len(e.table))
		e.strings[text] = id
		e.table = append(e.table, text)
	}
	return id
}

func (e *encoder) valueType(typ, unit string) (m message) {
	m.int(valueTypeType, e.string(typ))
	m.int(valueTypeUnit, e.string(unit))
	return m
}

func (e *encoder) sample(x *snapshotSample) {
	values := []int64{
		whole(x.alloc.objects), whole(x.alloc.bytes), whole(x.inuse.objects), whole(x.inuse.bytes),
	}
	if values[0] == 0 && values[1] == 0 && values[2] == 0 && values[3] == 0 {
		return // nothing since the earlier snapshot
	}
	var at []int64
	for _, pc := range e.users(x.stack) {
		at = append(at, e.location(pc))
	}
	var m message
	m.ints(sampleLocation, at)
	m.ints(sampleValue, values)
	for _, l := range [...][2]string{
		{"intent", x.intent.String()}, {"tag", x.tag}, {"phase", x.phase}, {"worker", x.worker}, {"type", x.typ},
	} {
		if l[1] != "" {
			var label message
			label.int(labelKey, e.string(l[0]))
			label.int(labelStr, e.string(l[1]))
			m.bytes(sampleLabel, label)
		}
	}
	e.out.bytes(profileSample, m)
}

// whole rounds an estimate. In-use figures are sums and differences of floating
// point numbers, so what has ended may leave a rest near zero.
func whole(x float64) int64 { return int64(math.Round(x)) }

// users returns the part of a stack that is the user's: without the library at
// its inner end and the runtime's entry at the other.
func (e *encoder) users(stack []uintptr) []uintptr {
	inner := 0
	for inner < len(stack) && e.lookUp(stack[inner]).library() {
		inner++
	}
	if inner < len(stack) {
		stack = stack[inner:]
	}
	if n := len(stack); n > 1 && e.lookUp(stack[n-1]).function == "runtime.goexit" {
		stack = stack[:n-1]
	}
	return stack
}

// lookUp returns what is known of a program counter from runtime.Callers.
func (e *encoder) lookUp(pc uintptr) *location {
	l := e.locations[pc]
	if l == nil {
		f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
		l = &location{function: f.Function, file: f.File, line: f.Line}
		if l.function == "" {
			l.function = "unknown"
		}
		e.locations[pc] = l
	}
	return l
}

// location writes a location, once, and returns its number.
func (e *encoder) location(pc uintptr) int64 {
	l := e.lookUp(pc)
	if l.id != 0 {
		return l.id
	}
	key := [2]string{l.function, l.file}
	function := e.functions[key]
	if function == 0 {
		function = int64(len(e.functions)) + 1
		e.functions[key] = function
		var m message
		m.int(functionID, function)
		m.int(functionName, e.string(l.function))
		m.int(functionSystemName, e.string(l.function))
		m.int(functionFilename, e.string(l.file))
		e.out.bytes(profileFunction, m)
	}
	var line message
	line.int(lineFunction, function)
	line.int(lineLine, int64(l.line))
	l.id = int64(pc) // as good as any other number that is its own
	var m message
	m.int(locationID, l.id)
	m.int(locationMapping, 1)
	m.int(locationAddress, int64(pc-1)) // in the call, not behind it
	m.bytes(locationLine, line)
	e.out.bytes(profileLocation, m)
	return l.id
}

const modulePath = "github.com/framealloc/framealloc"

// library reports whether the location is in a package that users allocate
// through. Tests, examples and commands are users.
func (l *location) library() bool {
	rest, ok := strings.CutPrefix(l.function, modulePath)
	if !ok || strings.HasSuffix(l.file, "_test.go") {
		return false
	}
	for _, room := range [...]string{".", "/internal/", "/group.", "/handle.", "/stream.", "/framesync."} {
		if strings.HasPrefix(rest, room) {
			return true
		}
	}
	return false
}
