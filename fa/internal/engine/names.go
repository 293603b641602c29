package engine

import "go/token"

// madeUp are names of objects that no source code gives them.
var madeUp = map[string]bool{
	"new": true, "complit": true, "varargs": true, "slicelit": true, "makeslice": true, "slice": true,
	"map": true, "channel": true, "result": true, "worker": true, "handle": true,
	"string": true, "copy": true, "table": true,
}

func (f *flow) noun(o *Object) string {
	switch {
	case o.Kind == Local && o.Name != "" && token.IsIdentifier(o.Name) && !madeUp[o.Name]:
		return o.Name
	case o.Kind == Memory:
		return "frame memory"
	case o.Kind == Local && o.Name == "new" || o.Name == "complit" || o.Name == "varargs" || o.Name == "slicelit" || o.Name == "makeslice" || o.Name == "":
		return "a local object"
	}
	return "a " + o.Name
}

// destination names what something is stored in.
func (f *flow) destination(o *Object) string {
	switch o.Kind {
	case Global:
		return "package variable " + o.Name
	case Param:
		return o.Name
	case Pooled:
		return "a " + o.Name
	case Memory:
		if o.Policy != "" {
			return "a value retained with " + o.Policy
		}
		return "memory of a group or scratch pool"
	}
	return "an object"
}
