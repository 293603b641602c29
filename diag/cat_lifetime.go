package diag

var lifetimeEntries = []Entry{}
