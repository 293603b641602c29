package diag

var frameEntries = []Entry{}
