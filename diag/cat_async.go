package diag

var asyncEntries = []Entry{}
