package diag

var budgetEntries = []Entry{}
