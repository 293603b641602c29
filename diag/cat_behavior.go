package diag

var behaviorEntries = []Entry{}
