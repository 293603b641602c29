package diag

var threadingEntries = []Entry{}
