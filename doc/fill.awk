# SPDX-License-Identifier: GPL-2.0-or-later
# Fills a text in from what can be typed and said (doc/words.c): "@VERB list@" and the like, each a
# line of its own. usage: awk -f fill.awk WORDS TEXT

BEGIN { FS = "\t" }

FNR == NR && $1 == "verb" {
  verbs[++n_verbs] = $2
  operands[$2] = $3
  taken[$2] = $4
}
FNR == NR && $1 == "option" {
  options = options " " $2
  argument[$2] = $4
}
FNR == NR && $1 == "value" { values[$2] = values[$2] (values[$2] ? " " : "") $3 }
FNR == NR && $1 == "finding" {
  findings[++n_findings] = $2
  said[$2] = $4
}
FNR == NR { next }

function roff(s) {
  gsub(/\\/, "\\e", s)
  gsub(/-/, "\\-", s)
  return s
}

function heading(word, rest) {
  print rest ? ".BI " roff(word) " \" " roff(rest) "\"" : ".B " roff(word)
}

# Each verb with its own options, which are those that the wizard and "list" do not take.
function synopsis(  i, j, n, list, skip) {
  n = split(taken["list"], list, " ")
  for (i = 1; i <= n; i++)
    skip[list[i]] = 1
  for (i = 1; i <= n_verbs; i++) {
    if (!verbs[i])
      continue
    print ".SY \"pciferry " verbs[i] "\""
    n = split(taken[verbs[i]], list, " ")
    for (j = 1; j <= n; j++)
      if (!(list[j] in skip))
        print ".OP " roff(list[j]) (argument[list[j]] ? " " argument[list[j]] : "")
    if (operands[verbs[i]])
      print ".I \"" roff(operands[verbs[i]]) "\""
    print ".YS"
  }
}

function all_findings(  i) {
  for (i = 1; i <= n_findings; i++)
    print ".TP\n.B " roff(findings[i]) "\n" roff(said[findings[i]])
}

# The shell's: each verb with its options, those that take an argument, the values.
function cases(  i) {
  print "    '') echo" options " ;;"
  for (i = 1; i <= n_verbs; i++)
    if (verbs[i])
      print "    " verbs[i] ") echo " taken[verbs[i]] " ;;"
}

function with_argument(  i, n, list, s) {
  n = split(options, list, " ")
  for (i = 1; i <= n; i++)
    if (argument[list[i]])
      s = s (s ? " | " : "") list[i]
  return s
}

function all_verbs(  i, s) {
  for (i = 1; i <= n_verbs; i++)
    if (verbs[i])
      s = s (s ? " " : "") verbs[i]
  return s
}

/^@[A-Z]+( [a-z-]+)?@$/ {
  gsub(/@/, "")
  split($0, word, " ")
  if (word[1] == "VERB" && word[2] in taken)
    heading(word[2], operands[word[2]])
  else if (word[1] == "OPTION" && ("--" word[2]) in argument)
    heading("--" word[2], argument["--" word[2]])
  else if (word[1] == "SYNOPSIS")
    synopsis()
  else if (word[1] == "FINDINGS")
    all_findings()
  else if (word[1] == "CASES")
    cases()
  else
    print "@" $0 "@" # another's
  next
}
{
  gsub(/@VERBS@/, all_verbs())
  gsub(/@WITH_ARGUMENT@/, with_argument())
  gsub(/@METHODS@/, values["--method"])
  gsub(/@INITRAMFS@/, values["--initramfs"])
  gsub(/@ACCEPTABLE@/, values["--accept"])
  gsub(/@FORMATS@/, values["FORMAT"])
  print
}
