package diag

var engineEntries = []Entry{}
