# SPDX-License-Identifier: GPL-2.0-or-later
# What is around every page, header and footer, is held once, in screens/frames; a screen's
# own file names its entries there. tests/ui/run puts a screen together with this and compares
# it whole; with UPDATE=1 it takes what was drawn apart.
#
# usage: LC_ALL=C awk -f frames.awk join FRAMES FILE     writes the whole screen
#        LC_ALL=C awk -f frames.awk split FRAMES LIST    lines of LIST are "DRAWN FILE": FILE
#                                                        is written, and FRAMES in the end;
#                                                        DRAWN "-": it only names entries
#
# FRAMES: an entry's name, then its lines with a "|" before them, which stands for the left
# edge of the screen. A screen names its entries in the place of their rows.
#   way PAGE-WIDTH.N, rule WIDTH.N, footer PAGE-WIDTH.N    a row: its text, then its roles.
#                       PAGE was the word in brackets when the entry was made
#   summary N           the same; "#" is a word with a digit in it, and the screen says which:
#                       "<summary 2 0001 4>"
#   header-colours N, footer-colours N                     of .attributes: all of these rows
#
# A screen that is too small for a page has neither header nor footer.

function die(text) {
	print "frames.awk: " text >"/dev/stderr"
	exit failed = 1
}

function cells(s) {
	gsub(/[\200-\277]/, "", s)
	return length(s)
}

function repeated(s, n, out) {
	while (n-- > 0)
		out = out s
	return out
}

function read_file(file, ret, n) {
	while ((getline ret[++n] <file) > 0)
		;
	close(file)
	return n - 1
}

function read_frames(file, n, line, i, id) {
	n = read_file(file, line)
	for (i = 1; i <= n; i++) {
		if (line[i] ~ /^\|/)
			entry[id] = entry[id] substr(line[i], 2) "\n"
		else if (line[i] != "" && line[i] !~ /^#/)
			entry[id = line[i]] = ""
	}
}

# Whether a screen of this first line has room for a page (src/ui/frame.h).
function is_framed(first, size) {
	sub(/^[a-z]+ /, "", first)
	split(first, size, /[x,]/)
	width = size[1] + 0
	height = size[2] + 0
	return width >= 60 && height >= 15
}

# -- join ------------------------------------------------------------------------------

# The entry that a line names; its words go into word.
function named(line, word, id) {
	n_words = split(substr(line, 2, length(line) - 2), word, " ")
	id = word[1] " " word[2]
	if (line !~ /^<.*>$/ || !(id in entry))
		die("\"" line "\": there is no such entry")
	return entry[id]
}

# That entry as row[1] and row[2], with the words that it has places for.
function fill(line, row, i, n, word, at) {
	split(named(line, word), row, "\n")
	n = n_words
	for (i = 3; i <= n && (at = index(row[1], "#")); i++) {
		row[1] = substr(row[1], 1, at - 1) word[i] substr(row[1], at + 1)
		at = cells(substr(row[1], 1, at - 1))
		row[2] = substr(row[2], 1, at) \
			repeated(substr(row[2], at + 1, 1), length(word[i])) substr(row[2], at + 2)
	}
	if (i <= n || index(row[1], "#"))
		die("\"" line "\": the entry has more or fewer places for words")
}

function join_screen(line, n, i, y, row, roles) {
	print line[1]
	for (i = 2; i <= n; i++) {
		y = i - 2
		if (y < 3 || y == height - 1) {
			fill(line[i], row)
			print row[1]
			roles[y] = row[2]
		} else {
			print line[i]
		}
		if (y == height) # "roles"
			for (y = 0; y < 3; y++)
				print roles[y]
	}
	print roles[height - 1]
}

function join(file, n, line, i, word) {
	n = read_file(file, line)
	if (is_framed(line[1]) && line[1] ~ /^text /) {
		join_screen(line, n)
		return
	}
	for (i = 1; i <= n; i++) {
		if (line[i] ~ /^</ && line[1] ~ /^attributes /)
			printf "%s", named(line[i], word)
		else
			print line[i]
	}
}

# -- split -----------------------------------------------------------------------------

# Words with digits go into values; ret gets the row without them.
function without_values(text, roles, ret, at, word, n) {
	ret[1] = ret[2] = values = ""
	while (match(text, /[^ ]+/)) {
		word = substr(text, RSTART, RLENGTH)
		ret[1] = ret[1] substr(text, 1, RSTART - 1)
		ret[2] = ret[2] substr(roles, at + 1, RSTART - 1)
		at += RSTART - 1
		n = cells(word)
		text = substr(text, RSTART + RLENGTH)
		if (word ~ /[0-9]/)
			values = values " " word
		ret[1] = ret[1] (word ~ /[0-9]/ ? "#" : word)
		ret[2] = ret[2] substr(roles, at + 1, word ~ /[0-9]/ ? 1 : n)
		at += n
	}
	ret[1] = ret[1] text
	ret[2] = ret[2] substr(roles, at + 1)
}

# A part of a screen: what it is, what a new entry for it would be called.
function note(s, kind, base, content, i, id) {
	parts[s] = parts[s] (parts[s] ? " " : "") kind
	wanted[s, kind] = content
	name[s, kind] = kind " " base
	id = old[s, kind]
	if (id == "")
		return
	if (!votes[id, content]++)
		candidates[id] = candidates[id] SUBSEP content
}

# The names of entries that a file has now; "-" keeps them as they are.
function read_names(file, s, n, line, i, word) {
	n = read_file(file, line)
	for (i = 1; i <= n; i++) {
		if (line[i] !~ /^<(way|summary|rule|footer|header-colours|footer-colours) .*>$/)
			continue
		split(substr(line[i], 2, length(line[i]) - 2), word, " ")
		if (s == "-")
			kept[word[1] " " word[2]] = 1
		else
			old[s, word[1]] = word[1] " " word[2]
	}
}

function note_screen(s, line, roles, page, row, i) {
	page = line[2]
	if (!sub(/.*\[/, "", page))
		page = "none]"
	sub(/\].*/, "", page)
	gsub(/ /, "-", page)
	roles = height + 3
	without_values(line[3], line[roles + 1], row)
	words[s] = values
	note(s, "way", page "-" width ".", line[2] "\n" line[roles] "\n")
	note(s, "summary", "", row[1] "\n" row[2] "\n")
	note(s, "rule", width ".", line[4] "\n" line[roles + 2] "\n")
	note(s, "footer", page "-" width ".", line[height + 1] "\n" line[2 * height + 2] "\n")
	top[s] = line[1]
	for (i = 5; i <= height; i++)
		body[s] = body[s] line[i] "\n"
	for (i = roles + 3; i <= 2 * height + 1; i++)
		body_roles[s] = body_roles[s] line[i] "\n"
}

function note_attributes(s, n, line, i, y, header, footer) {
	for (i = 2; i <= n; i++) {
		y = line[i] + 0
		if (y < 3)
			header = header line[i] "\n"
		else if (y == height - 1)
			footer = footer line[i] "\n"
		else
			body[s] = body[s] line[i] "\n"
	}
	top[s] = line[1]
	note(s, "header-colours", "", header)
	note(s, "footer-colours", "", footer)
}

function read_drawn(s, drawn, n, line, i) {
	n = read_file(drawn, line)
	if (!is_framed(line[1]))
		for (i = 1; i <= n; i++)
			body[s] = body[s] line[i] "\n"
	else if (line[1] ~ /^text /)
		note_screen(s, line)
	else
		note_attributes(s, n, line)
}

# An entry becomes what most of its screens show now, if all of them were drawn.
function renew_entries(id, n, i, list, best) {
	for (id in candidates) {
		if (id in kept)
			continue
		n = split(substr(candidates[id], 2), list, SUBSEP)
		best = 1
		for (i = 2; i <= n; i++)
			if (votes[id, list[i]] > votes[id, list[best]])
				best = i
		entry[id] = list[best]
	}
	for (id in entry) {
		best = kind_of(id) SUBSEP entry[id]
		if ((id in kept || id in candidates) && (!(best in home) || id < home[best]))
			home[best] = id
	}
}

function kind_of(id) {
	sub(/ .*/, "", id)
	return id
}

# The entry for a part, the one it had if that still is right.
function entry_for(s, kind, content, id, n) {
	content = wanted[s, kind]
	id = old[s, kind]
	if (id == "" || entry[id] != content) {
		if (!((kind, content) in home)) {
			for (n = 1; (id = name[s, kind] n) in entry; n++)
				;
			entry[id] = content
			home[kind, content] = id
		}
		id = home[kind, content]
	}
	used[id] = 1
	return id
}

function write_screen(s, file, kind, n) {
	if (top[s] != "")
		print top[s] >file
	n = split(parts[s], kind, " ")
	if (n == 4) {
		printf "<%s>\n", entry_for(s, "way") >file
		printf "<%s%s>\n", entry_for(s, "summary"), words[s] >file
		printf "<%s>\n", entry_for(s, "rule") >file
		printf "%s<%s>\nroles\n%s", body[s], entry_for(s, "footer"), body_roles[s] >file
	} else if (n == 2) {
		printf "<%s>\n", entry_for(s, "header-colours") >file
		printf "%s<%s>\n", body[s], entry_for(s, "footer-colours") >file
	} else {
		printf "%s", body[s] >file
	}
	close(file)
}

function write_frames(file, id, sort, lines) {
	sort = "sort -V | tr '\\001' '\\n' >" file
	for (id in entry) {
		if (!(id in used) && !(id in kept))
			continue
		lines = "\001" entry[id]
		gsub(/\001|\n/, "\001|", lines)
		print id substr(lines, 1, length(lines) - 2) | sort
	}
	close(sort)
}

function split_all(frames, list, n, line, i, word) {
	n = read_file(list, line)
	for (i = 1; i <= n; i++) {
		split(line[i], word, " ")
		read_names(word[2], word[1] == "-" ? "-" : i)
		if (word[1] != "-")
			read_drawn(i, word[1])
	}
	renew_entries()
	for (i = 1; i <= n; i++) {
		split(line[i], word, " ")
		if (word[1] != "-")
			write_screen(i, word[2])
	}
	write_frames(frames)
}

BEGIN {
	read_frames(ARGV[2])
	if (ARGV[1] == "join")
		join(ARGV[3])
	else
		split_all(ARGV[2], ARGV[3])
	exit failed
}
