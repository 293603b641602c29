package diag

var handleEntries = []Entry{}
