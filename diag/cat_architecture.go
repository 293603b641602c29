package diag

var architectureEntries = []Entry{}
