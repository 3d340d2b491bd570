//! What could be written at a place of a YAML text, and where it would go.
//!
//! Works on the text itself, from the top-level key above the cursor on, so that a text that is half
//! typed, or broken somewhere else, has an answer. Never a place in comments, block texts, behind a
//! finished value, or where lines below would change their meaning.

use super::around::{self, Around};
use super::flow::{Collection, Flow};
use super::lines::{Key, Line, Outline, Value, quoted_end};
use crate::text::Span;

/// What the schema has at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    /// A map.
    Map,
    /// A list.
    List,
    /// A text, number or boolean.
    Scalar,
    /// Nothing that is known.
    Nothing,
}

/// What could be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// A key of the map at the path.
    Key,
    /// The value at the path, which is no list or map.
    Value,
    /// The item of a list at the path, its dash in a block and all of its keys.
    Item,
}

/// A place where something could be written.
#[derive(Clone, Debug)]
pub(super) struct Place<'t> {
    /// The way to it, keys as written and `*` for items.
    pub(super) path: Vec<String>,
    /// What could be written.
    pub(super) slot: Slot,
    /// What gives way if what is behind the cursor stays.
    pub(super) insert: Span,
    /// What gives way if all of the word does.
    pub(super) replace: Span,
    /// White space that is missing in front.
    pub(super) before: &'static str,
    /// White space that is missing behind.
    pub(super) after: &'static str,
    /// The quote in which it stands.
    pub(super) quote: Option<char>,
    /// Whether that quote is still to be closed.
    pub(super) is_open: bool,
    /// Whether it stands in brackets.
    pub(super) in_flow: bool,
    /// Where keys of its map or dashes of its list stand.
    pub(super) column: usize,
    /// The number of spaces that its line begins with.
    pub(super) indent: usize,
    /// Whether there is a colon behind it already.
    pub(super) has_colon: bool,
    /// Whether lines below belong to it.
    pub(super) has_children: bool,
    /// Whether nothing stands on the line in front of it.
    pub(super) begins_line: bool,
    /// What stands beside it.
    pub(super) around: Around<'t>,
}

/// The place at the byte `offset` of `text`, if there is one; `expect` tells what the schema has at
/// a path.
pub(super) fn place_at<'t>(
    text: &'t str,
    offset: usize,
    expect: &dyn Fn(&[String]) -> Expect,
) -> Option<Place<'t>> {
    if !text.is_char_boundary(offset) || is_behind_first_document(text, offset) {
        return None;
    }
    let mut finder = Finder {
        text,
        offset,
        expect,
        frames: Vec::new(),
    };
    let mut line = chunk(text, offset)?;
    while !line.has(offset) {
        line = match finder.pass(line) {
            Passed::To(next) => next?,
            Passed::Flow(flow, path) => return finder.in_flow(&flow, path, line),
            Passed::Over => return None,
        };
    }
    finder.at_cursor(line)
}

/// The line of the top-level key above `offset`, or the first line.
fn chunk(text: &str, offset: usize) -> Option<Line<'_>> {
    let mut line = Line::around(text, offset);
    if offset < line.start {
        return None;
    }
    loop {
        if line.counts() && line.indent() == 0 {
            let outline = line.outline();
            if !outline.is_item() && outline.key.is_some() {
                return Some(line);
            }
        }
        match line.previous(text) {
            Some(previous) => line = previous,
            None => return Some(line),
        }
    }
}

/// Whether `offset` lies where nothing is read any more.
fn is_behind_first_document(text: &str, offset: usize) -> bool {
    let before = &text[..offset];
    let marks = ["\n---", "\n..."];
    if !marks.iter().any(|mark| before.contains(mark)) {
        return false;
    }
    let mut seen = false;
    let mut lines = before.split(['\n', '\r']);
    lines.any(|line| {
        let is_mark = line.starts_with("---") || line.starts_with("...");
        let is_end = is_mark && seen;
        let content = line.trim_start();
        seen |= !is_mark && !content.is_empty() && !content.starts_with(['#', '%', '\u{feff}']);
        is_end
    })
}

/// An entry or item whose lines go on.
#[derive(Debug)]
struct Frame {
    column: usize,
    /// Its key; `None` for the item of a list.
    key: Option<String>,
    /// Whether nothing of its value is there yet.
    is_open: bool,
}

/// What became of a line above the cursor.
enum Passed<'t> {
    /// It ends, with all that begins on it, in front of this line.
    To(Option<Line<'t>>),
    /// The cursor is in a collection that begins on it, at this path.
    Flow(Flow, Vec<String>),
    /// The cursor is in something that takes no proposals.
    Over,
}

struct Finder<'t, 'e> {
    text: &'t str,
    offset: usize,
    expect: &'e dyn Fn(&[String]) -> Expect,
    frames: Vec<Frame>,
}

impl<'t> Finder<'t, '_> {
    /// Takes note of a line above the cursor.
    fn pass(&mut self, line: Line<'t>) -> Passed<'t> {
        let next = line.next(self.text);
        if !line.counts() {
            return Passed::To(next);
        }
        let outline = line.outline();
        self.enter(&outline, line);
        let value = match &outline.key {
            Some(key) => line.value(key.colon + 1),
            None => line.value(outline.content),
        };
        let is_bare = outline.key.is_none() && !outline.is_item();
        let depth = if is_bare {
            self.depth(outline.content)
        } else {
            self.frames.len()
        };
        let base = depth.checked_sub(1).map(|top| self.frames[top].column);
        match value {
            Value::Nothing => Passed::To(next),
            Value::Flow(at) => self.pass_flow(line, at, depth, base),
            Value::Quoted(at, _) => self.pass_quoted(line, at, depth, base),
            Value::Block => {
                self.fill(depth);
                self.pass_block(line, base)
            }
            Value::Alias => {
                self.fill(depth);
                Passed::To(next)
            }
            Value::Plain(_) => {
                // A word without a colon may be a key that is half typed.
                if !is_bare || (self.expect)(&self.path(depth)) == Expect::Scalar {
                    self.fill(depth);
                }
                Passed::To(next)
            }
        }
    }

    fn pass_flow(
        &mut self,
        line: Line<'t>,
        at: usize,
        depth: usize,
        base: Option<usize>,
    ) -> Passed<'t> {
        self.fill(depth);
        let start = line.start + at;
        let limit = limit(self.text, line, base);
        let flow = Flow::read(self.text, start, limit);
        if self.offset < flow.end || (!flow.is_closed && self.offset <= flow.end) {
            return Passed::Flow(flow, self.path(depth));
        }
        self.after(line, flow.end)
    }

    fn pass_quoted(
        &mut self,
        line: Line<'t>,
        at: usize,
        depth: usize,
        base: Option<usize>,
    ) -> Passed<'t> {
        self.fill(depth);
        let start = line.start + at;
        let limit = limit(self.text, line, base);
        match quoted_end(&self.text[start..limit]) {
            Some(len) if self.offset < start + len => Passed::Over,
            Some(len) => self.after(line, start + len),
            // A quote that is never closed spoils its own line only.
            None => Passed::To(line.next(self.text)),
        }
    }

    /// The line behind what began on `line` and ends at `end`, where the cursor is not in it.
    fn after(&self, line: Line<'t>, end: usize) -> Passed<'t> {
        let last = Line::around(self.text, end.max(line.start));
        // Behind the end, on the same line, nothing can be written.
        if last.has(self.offset) {
            return Passed::Over;
        }
        Passed::To(last.next(self.text))
    }

    fn pass_block(&self, header: Line<'t>, base: Option<usize>) -> Passed<'t> {
        let is_inside = |column: usize| base.is_none_or(|base| column > base);
        let mut line = header;
        loop {
            let Some(next) = line.next(self.text) else {
                return Passed::To(None);
            };
            line = next;
            let indent = line.indent();
            let has_cursor = line.has(self.offset);
            if line.is_blank() {
                if has_cursor {
                    let column = self.offset - line.start;
                    return if is_inside(column) {
                        Passed::Over
                    } else {
                        Passed::To(Some(line))
                    };
                }
            } else if !is_inside(indent) {
                return Passed::To(Some(line));
            } else if has_cursor {
                return Passed::Over;
            }
        }
    }

    /// Opens what the dashes and the key of a line open.
    fn enter(&mut self, outline: &Outline, line: Line<'_>) {
        for &column in &outline.dashes {
            self.frames.truncate(self.depth(column + 1));
            if self
                .frames
                .last()
                .is_some_and(|top| top.key.is_none() && top.column == column)
            {
                self.frames.pop();
            }
            self.push(column, None);
        }
        if let Some(key) = &outline.key {
            let column = outline.content;
            self.frames.truncate(self.depth(column));
            self.push(column, Some(line.unquoted(&key.span).to_owned()));
        }
    }

    fn push(&mut self, column: usize, key: Option<String>) {
        self.fill(self.frames.len());
        self.frames.push(Frame {
            column,
            key,
            is_open: true,
        });
    }

    /// Notes that the innermost of the first `depth` frames has its value.
    fn fill(&mut self, depth: usize) {
        if let Some(top) = self.frames[..depth].last_mut() {
            top.is_open = false;
        }
    }

    /// How many frames hold what stands at `column`.
    fn depth(&self, column: usize) -> usize {
        let inner = self.frames.iter().rposition(|frame| frame.column < column);
        inner.map_or(0, |inner| inner + 1)
    }

    /// The path of the value of the innermost of the first `depth` frames.
    fn path(&self, depth: usize) -> Vec<String> {
        let steps = self.frames[..depth].iter();
        steps
            .map(|frame| frame.key.clone().unwrap_or_else(|| "*".to_owned()))
            .collect()
    }

    // --- the line of the cursor ------------------------------------------------------------------

    fn at_cursor(mut self, line: Line<'t>) -> Option<Place<'t>> {
        let column = self.offset - line.start;
        if line.is_blank() {
            let is_indent = line.text[..column].bytes().all(|byte| byte == b' ');
            return is_indent.then(|| self.on_own_line(line, column, None))?;
        }
        if !line.counts() {
            return None;
        }
        let outline = line.outline();
        if outline.content == line.text.len() {
            return self.behind_dash(line, &outline, column);
        }
        if column < outline.content {
            return None;
        }
        match &outline.key {
            Some(key) if column <= key.colon => self.on_key(line, &outline, key, column),
            Some(key) => {
                self.enter(&outline, line);
                self.on_value(
                    line,
                    line.value(key.colon + 1),
                    key.colon + 1,
                    outline.indent,
                )
            }
            None => self.on_words(line, &outline, column),
        }
    }

    /// A line that holds nothing but dashes.
    fn behind_dash(
        mut self,
        line: Line<'t>,
        outline: &Outline,
        column: usize,
    ) -> Option<Place<'t>> {
        let dash = *outline.dashes.last()?;
        if column <= dash {
            return None;
        }
        self.enter(outline, line);
        let path = self.path(self.frames.len());
        let key_column = column.max(dash + 2);
        let below = Below::of(self.text, line);
        let slot = match (self.expect)(&path) {
            Expect::Map if below.column <= dash || below.is_entry_at(key_column) => Slot::Key,
            Expect::Scalar if below.column <= dash => Slot::Value,
            _ => return None,
        };
        let mut place = self.place(path, slot, line, column..line.text.len());
        place.before = if column == dash + 1 { " " } else { "" };
        place.indent = outline.indent;
        place.column = key_column;
        place.around = match slot {
            Slot::Key => around::entries(self.text, line, key_column, false),
            _ => around::items(self.text, line, dash),
        };
        Some(place)
    }

    fn on_key(
        mut self,
        line: Line<'t>,
        outline: &Outline,
        key: &Key,
        column: usize,
    ) -> Option<Place<'t>> {
        let inner = match key.quote {
            Some(_) => key.span.start + 1..key.span.end - 1,
            None => key.span.clone(),
        };
        if column < inner.start || column > inner.end {
            return None;
        }
        self.enter(outline, line);
        let path = self.path(self.frames.len() - 1);
        if (self.expect)(&path) != Expect::Map {
            return None;
        }
        let mut place = self.place(path, Slot::Key, line, inner);
        place.quote = key.quote;
        place.has_colon = true;
        place.indent = outline.indent;
        place.column = outline.column();
        place.begins_line = false;
        place.around = around::entries(self.text, line, outline.content, !outline.is_item());
        Some(place)
    }

    /// A line, perhaps with dashes, that holds no key.
    fn on_words(mut self, line: Line<'t>, outline: &Outline, column: usize) -> Option<Place<'t>> {
        let value = line.value(outline.content);
        let Value::Plain(words) = &value else {
            self.enter(outline, line);
            if !outline.is_item() {
                self.frames.truncate(self.depth(outline.content));
            }
            return self.on_value(line, value, outline.content, outline.indent);
        };
        if words.start != outline.content || column > words.end {
            return None;
        }
        if !outline.is_item() {
            return self.on_own_line(line, outline.content, Some(words.clone()));
        }
        self.enter(outline, line);
        let dash = *outline.dashes.last()?;
        let path = self.path(self.frames.len());
        if (self.expect)(&path) == Expect::Scalar {
            return self.on_value(line, value, outline.content, outline.indent);
        }
        let below = Below::of(self.text, line);
        let is_aligned = below.column <= dash || below.is_entry_at(outline.content);
        if (self.expect)(&path) != Expect::Map || !is_aligned || !is_word(words.clone(), line) {
            return None;
        }
        let mut place = self.place(path, Slot::Key, line, words.clone());
        place.indent = outline.indent;
        place.column = outline.content;
        place.around = around::entries(self.text, line, outline.content, false);
        Some(place)
    }

    /// A word at `column`, or nothing, alone on its line.
    fn on_own_line(
        mut self,
        line: Line<'t>,
        column: usize,
        words: Option<std::ops::Range<usize>>,
    ) -> Option<Place<'t>> {
        let is_blank = words.is_none();
        let word = words.unwrap_or(column..line.text.len());
        if !is_blank && !is_word(word.clone(), line) {
            return None;
        }
        let below = Below::of(self.text, line);
        self.frames.truncate(self.depth(column + 1));
        let (path, slot) = self.own_line_slot(column, &below)?;
        let has_children = below.column > column || (below.is_item && below.column == column);
        let is_wrong = match slot {
            Slot::Key => has_children && is_blank,
            Slot::Item => below.column > column,
            Slot::Value => has_children,
        };
        if is_wrong {
            return None;
        }
        let mut place = self.place(path, slot, line, word);
        place.indent = column;
        place.column = column;
        place.has_children = has_children && slot == Slot::Key;
        place.begins_line = is_blank;
        place.around = match slot {
            Slot::Key => around::entries(self.text, line, column, true),
            Slot::Item => around::items(self.text, line, column),
            Slot::Value => Around::default(),
        };
        Some(place)
    }

    /// What may stand at `column` on a line of its own, and its path.
    fn own_line_slot(&self, column: usize, below: &Below) -> Option<(Vec<String>, Slot)> {
        let count = self.frames.len();
        let Some(top) = self.frames.last() else {
            let is_map = (self.expect)(&[]) == Expect::Map;
            let is_aligned = below.is_end || below.column >= column;
            return (is_map && is_aligned).then(|| (Vec::new(), Slot::Key));
        };
        if top.column == column {
            let of_map = match top.key {
                Some(_) => Some(count - 1),
                // A list at the column of its key.
                None if count > 1 && self.frames[count - 2].column == column => Some(count - 2),
                None => None,
            };
            let Some(depth) = of_map else {
                return Some((self.path(count), Slot::Item));
            };
            let path = self.path(depth);
            return ((self.expect)(&path) == Expect::Map).then_some((path, Slot::Key));
        }
        if !top.is_open {
            return None;
        }
        let is_inside = below.column > top.column
            || (below.is_item && below.column == top.column && top.key.is_some());
        let mut path = self.path(count);
        match (self.expect)(&path) {
            Expect::Map if !is_inside || below.is_entry_at(column) || below.column > column => {
                Some((path, Slot::Key))
            }
            Expect::Scalar if !is_inside => Some((path, Slot::Value)),
            Expect::List if !is_inside || (below.is_item && below.column == column) => {
                path.push("*".to_owned());
                Some((path, Slot::Item))
            }
            _ => None,
        }
    }

    /// A value on the line of its key or dash, or the rest of such a line.
    fn on_value(
        mut self,
        line: Line<'t>,
        value: Value,
        from: usize,
        indent: usize,
    ) -> Option<Place<'t>> {
        let column = self.offset - line.start;
        let depth = self.frames.len();
        let base = self.frames.last().map(|top| top.column);
        let path = self.path(depth);
        if let Value::Flow(at) = value {
            if column <= at {
                return None;
            }
            return match self.pass_flow(line, at, depth, base) {
                Passed::Flow(flow, path) => self.in_flow(&flow, path, line),
                _ => None,
            };
        }
        let is_item = self.frames.last().is_some_and(|top| top.key.is_none());
        let below = Below::of(self.text, line);
        let has_more = base.is_some_and(|base| {
            below.column > base || (below.is_item && below.column == base && !is_item)
        });
        if has_more || (self.expect)(&path) != Expect::Scalar {
            return None;
        }
        let mut place = match value {
            Value::Nothing => self.empty_value(path, line, from)?,
            Value::Plain(words) => {
                let touches = words.start <= column && column <= words.end;
                touches.then(|| self.place(path, Slot::Value, line, words))?
            }
            Value::Quoted(at, quote) => self.quoted_value(path, line, at, quote)?,
            Value::Flow(_) | Value::Block | Value::Alias => return None,
        };
        place.indent = indent;
        place.column = base.unwrap_or(0);
        place.around = match (is_item, base) {
            (true, Some(base)) => around::items(self.text, line, base),
            (false, Some(base)) => {
                let is_first = line.outline().is_item();
                around::entries(self.text, line, base, !is_first)
            }
            _ => Around::default(),
        };
        Some(place)
    }

    /// The value that does not stand behind the colon at `from - 1`, in front of a comment perhaps.
    fn empty_value(&self, path: Vec<String>, line: Line<'t>, from: usize) -> Option<Place<'t>> {
        let column = self.offset - line.start;
        let rest = line.text[column..].trim_start_matches([' ', '\t']);
        // An anchor or a tag may stand in front.
        let behind = &line.text[from..column];
        let mut words = behind.split([' ', '\t']).filter(|word| !word.is_empty());
        let is_apart = behind.is_empty() || behind.ends_with([' ', '\t']);
        let is_free = words.all(|word| word.starts_with(['&', '!'])) && is_apart;
        if !is_free || !(rest.is_empty() || rest.starts_with('#')) {
            return None;
        }
        let end = if rest.is_empty() {
            line.text.len()
        } else {
            column
        };
        let mut place = self.place(path, Slot::Value, line, column..end);
        place.before = if column == from { " " } else { "" };
        place.after = if line.text[column..].starts_with('#') {
            " "
        } else {
            ""
        };
        Some(place)
    }

    fn quoted_value(
        &self,
        path: Vec<String>,
        line: Line<'t>,
        at: usize,
        quote: char,
    ) -> Option<Place<'t>> {
        let column = self.offset - line.start;
        let rest = &line.text[at..];
        let end = quoted_end(rest);
        let inner = match end {
            Some(len) => at + 1..at + len - 1,
            None => at + 1..(at + rest.trim_end_matches([' ', '\t']).len()).max(at + 1),
        };
        if column < inner.start || column > inner.end {
            return None;
        }
        // What stands behind the quote is an error that no choice mends.
        let behind = end.map_or("", |len| rest[len..].trim_matches([' ', '\t']));
        if !behind.is_empty() && !behind.starts_with('#') {
            return None;
        }
        let mut place = self.place(path, Slot::Value, line, inner);
        place.quote = Some(quote);
        place.is_open = end.is_none();
        if place.is_open {
            place.insert = place.replace;
        }
        Some(place)
    }

    // --- in brackets -----------------------------------------------------------------------------

    fn in_flow(&self, flow: &Flow, base: Vec<String>, line: Line<'t>) -> Option<Place<'t>> {
        let (index, entry_index) = flow.at(self.offset)?;
        let collection = &flow.collections[index];
        let entry = &collection.entries[entry_index];
        let mut path = base;
        path.extend(self.steps_to(flow, index));
        let own = Line::around(self.text, self.offset);
        let colon = entry.colon.filter(|&colon| self.offset > colon);
        let (token, slot) = match (collection.is_map, colon) {
            (true, Some(_)) => {
                path.push(entry.key.as_ref()?.of(self.text).to_owned());
                (entry.value.as_ref(), Slot::Value)
            }
            (true, None) => (entry.key.as_ref(), Slot::Key),
            (false, None) if entry.colon.is_none() => {
                path.push("*".to_owned());
                (entry.key.as_ref(), Slot::Value)
            }
            (false, _) => return None,
        };
        let slot = match (slot, (self.expect)(&path)) {
            (Slot::Key, Expect::Map) => Slot::Key,
            (Slot::Value, Expect::Scalar) => Slot::Value,
            (Slot::Value, Expect::Map) if !collection.is_map && token.is_none() => Slot::Item,
            _ => return None,
        };
        // A collection stands there; behind a colon, or in front of one.
        if entry.is_nested && !(slot == Slot::Key && entry.colon.is_some()) {
            return None;
        }
        let word = match token {
            None => Span::empty(self.offset),
            Some(token) => {
                let is_closed = token.quote.is_none_or(|quote| {
                    token.span.len() > 1 && token.span.of(self.text).ends_with(quote)
                });
                let inner = match token.quote {
                    Some(_) => Span::new(
                        token.span.start + 1,
                        token.span.end.max(token.span.start + 2) - 1,
                    ),
                    None => token.span,
                };
                let is_key_in_quotes = slot == Slot::Key && token.quote.is_some();
                let fits = is_closed && (!is_key_in_quotes || entry.colon.is_some());
                (fits && inner.touches(self.offset) && own.has(inner.start) && own.has(inner.end))
                    .then_some(inner)?
            }
        };
        if slot == Slot::Key && !is_word(word.start - own.start..word.end - own.start, own) {
            return None;
        }
        let in_line = word.start - own.start..word.end - own.start;
        let mut place = self.place(path, slot, own, in_line);
        place.in_flow = true;
        place.quote = token.and_then(|token| token.quote);
        place.has_colon = slot == Slot::Key && entry.colon.is_some();
        place.indent = line.outline().indent;
        place.column = place.indent;
        let is_behind_colon = colon.is_some_and(|colon| self.offset == colon + 1);
        place.before = if is_behind_colon && token.is_none() {
            " "
        } else {
            ""
        };
        place.after = match self.text[word.end..].chars().next() {
            Some('#') => " ",
            _ => "",
        };
        place.begins_line = false;
        place.around = around::in_flow(self.text, collection, entry_index);
        Some(place)
    }

    /// The keys that lead into a collection.
    fn steps_to(&self, flow: &Flow, index: usize) -> Vec<String> {
        let mut steps = Vec::new();
        let mut parent = flow.collections[index].parent;
        while let Some((index, entry)) = parent {
            let collection: &Collection = &flow.collections[index];
            steps.push(match (collection.is_map, &collection.entries[entry].key) {
                (true, Some(key)) => key.of(self.text).to_owned(),
                (true, None) => String::new(),
                (false, _) => "*".to_owned(),
            });
            parent = collection.parent;
        }
        steps.reverse();
        steps
    }

    fn place(
        &self,
        path: Vec<String>,
        slot: Slot,
        line: Line<'t>,
        word: std::ops::Range<usize>,
    ) -> Place<'t> {
        let replace = line.span(&word);
        Place {
            path,
            slot,
            insert: Span::new(replace.start, self.offset),
            replace,
            before: "",
            after: "",
            quote: None,
            is_open: false,
            in_flow: false,
            column: 0,
            indent: 0,
            has_colon: false,
            has_children: false,
            begins_line: false,
            around: Around::default(),
        }
    }
}

/// The first line below that says something.
struct Below {
    /// Where it begins; 0 at the end of the text.
    column: usize,
    is_item: bool,
    has_key: bool,
    is_end: bool,
}

impl Below {
    fn of(text: &str, line: Line<'_>) -> Self {
        let mut next = line.next(text);
        while let Some(line) = next {
            if line.counts() {
                let outline = line.outline();
                return Self {
                    column: outline.indent,
                    is_item: outline.is_item(),
                    has_key: outline.key.is_some(),
                    is_end: false,
                };
            }
            next = line.next(text);
        }
        Self {
            column: 0,
            is_item: false,
            has_key: false,
            is_end: true,
        }
    }

    /// Whether it is an entry of a map whose keys stand at `column`.
    fn is_entry_at(&self, column: usize) -> bool {
        self.column == column && !self.is_item && self.has_key
    }
}

/// Whether the cursor may stand in a key, as far as the word goes: no part of a sentence, no URL.
fn is_word(word: std::ops::Range<usize>, line: Line<'_>) -> bool {
    line.text[word]
        .trim_end_matches([' ', '\t'])
        .chars()
        .all(|char| char.is_alphanumeric() || "-_./".contains(char))
}

/// Where a text in brackets or quotes ends at the latest that begins on `line`, in an entry or item
/// at the column `base`: in front of the next line that begins another one.
fn limit(text: &str, line: Line<'_>, base: Option<usize>) -> usize {
    let Some(base) = base else { return text.len() };
    let mut next = line.next(text);
    while let Some(line) = next {
        if line.counts() && line.indent() <= base {
            let outline = line.outline();
            if outline.key.is_some() || outline.is_item() {
                return line.start;
            }
        }
        next = line.next(text);
    }
    text.len()
}
