package diag

var internalEntries = []Entry{}
