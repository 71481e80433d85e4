// The editor of formatted text, on ProseMirror. `components::field::rich_text` opens it, gives it what the form holds,
// and is told what becomes of it.

import { baseKeymap, chainCommands, lift, newlineInCode, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { DOMParser, DOMSerializer } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { EditorState, TextSelection } from "prosemirror-state";
import {
  addColumnAfter,
  addRowAfter,
  deleteColumn,
  deleteRow,
  deleteTable,
  goToNextCell,
  isInTable,
  tableEditing,
} from "prosemirror-tables";
import { ReplaceStep } from "prosemirror-transform";
import { EditorView } from "prosemirror-view";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const parser = DOMParser.fromSchema(schema);
const serializer = DOMSerializer.fromSchema(schema);

// How long the page takes at most to bring what was composed into the document, in milliseconds.
const COMPOSED = 60;

function documentOf(html) {
  const body = new window.DOMParser().parseFromString(html, "text/html").body;
  return parser.parse(body);
}

// An empty line is kept as a line, but where an element is a line by itself.
function htmlOf(doc) {
  const page = document.createElement("div");
  page.append(serializer.serializeFragment(doc.content));
  for (const line of page.querySelectorAll("p:empty, h2:empty, h3:empty")) {
    if (!line.closest("li")) line.append(document.createElement("br"));
  }
  return page.innerHTML;
}

function isEmpty(doc) {
  let table = false;
  doc.descendants((node) => (table ||= node.type === nodes.table, !table));
  return !table && doc.textContent.trim() === "";
}

// A plain line in a cell ends with a break; a cell is no more than one paragraph.
function breakLine(state, dispatch) {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create(), true).scrollIntoView());
  return true;
}

const inCell = (state, dispatch) => isInTable(state) && breakLine(state, dispatch);

function insertTable(state, dispatch) {
  if (isInTable(state)) return false;
  const row = (type) => nodes.table_row.create(null, Array.from({ length: 3 }, () => type.create()));
  const table = nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]);
  if (dispatch) {
    const tr = state.tr.replaceSelectionWith(table, false);
    let first = null;
    tr.doc.nodesBetween(tr.mapping.map(state.selection.from, -1), tr.doc.content.size, (node, place) => {
      if (node.type === nodes.table_header && first === null) first = place + 1;
      return first === null;
    });
    if (first !== null) tr.setSelection(TextSelection.create(tr.doc, first));
    dispatch(tr.scrollIntoView());
  }
  return true;
}

// What the selection, or the word that the cursor is in, becomes a link to.
const linkTo = (href) => (state, dispatch) => {
  const { empty, from, to } = state.selection;
  const tr = state.tr;
  if (empty) {
    tr.insertText(href, from).addMark(from, from + href.length, marks.link.create({ href }));
  } else {
    tr.removeMark(from, to, marks.link).addMark(from, to, marks.link.create({ href }));
  }
  dispatch?.(tr.scrollIntoView());
  return true;
};

// Takes the link of the selection, or of the whole link that the cursor is in, away.
function unlink(state, dispatch) {
  let { from, to } = state.selection;
  if (state.selection.empty) {
    const { parent, pos, parentOffset } = state.selection.$from;
    const start = pos - parentOffset;
    parent.forEach((node, offset) => {
      const [begin, end] = [start + offset, start + offset + node.nodeSize];
      if (marks.link.isInSet(node.marks) && begin <= pos && pos <= end) {
        from = Math.min(from, begin);
        to = Math.max(to, end);
      }
    });
  }
  dispatch?.(state.tr.removeMark(from, to, marks.link));
  return true;
}

function unformat(state, dispatch) {
  const { from, to } = state.selection;
  const tr = state.tr;
  for (const mark of Object.values(marks)) tr.removeMark(from, to, mark);
  // A cell, which can be no paragraph, stays as it is.
  tr.setBlockType(from, to, nodes.paragraph);
  dispatch?.(tr);
  return true;
}

const within = (state, type) => {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type === type) return true;
  return false;
};

// The same tool once more takes away what it made.
const list = (type) => (state, dispatch) =>
  within(state, type) ? liftListItem(nodes.list_item)(state, dispatch) : wrapInList(type)(state, dispatch);
const quote = (state, dispatch) =>
  within(state, nodes.blockquote) ? lift(state, dispatch) : wrapIn(nodes.blockquote)(state, dispatch);
const heading = (state, dispatch) =>
  within(state, nodes.heading) ? setBlockType(nodes.paragraph)(state, dispatch) : setBlockType(nodes.heading, { level: 2 })(state, dispatch);

const tools = {
  bold: () => toggleMark(marks.bold),
  italic: () => toggleMark(marks.italic),
  underline: () => toggleMark(marks.underline),
  heading: () => heading,
  paragraph: () => setBlockType(nodes.paragraph),
  bullets: () => list(nodes.bullet_list),
  numbers: () => list(nodes.ordered_list),
  quote: () => quote,
  link: linkTo,
  unlink: () => unlink,
  plain: () => unformat,
  table: () => insertTable,
  add_row: () => addRowAfter,
  add_column: () => addColumnAfter,
  delete_row: () => deleteRow,
  delete_column: () => deleteColumn,
  delete_table: () => deleteTable,
};

// The tools whose work the cursor stands in, by name.
function active(state) {
  const { from, to, empty, $from } = state.selection;
  const marked = (type) =>
    empty ? !!type.isInSet(state.storedMarks || $from.marks()) : state.doc.rangeHasMark(from, to, type);
  const found = ["bold", "italic", "underline", "link"].filter((name) => marked(marks[name]));
  if (within(state, nodes.heading)) found.push("heading");
  if (within(state, nodes.bullet_list)) found.push("bullets");
  if (within(state, nodes.ordered_list)) found.push("numbers");
  if (within(state, nodes.blockquote)) found.push("quote");
  if (isInTable(state)) found.push("table");
  return found.join(" ");
}

const plugins = [
  inputRules({
    rules: [
      wrappingInputRule(/^\s*([-*])\s$/, nodes.bullet_list),
      wrappingInputRule(/^\s*1[.)]\s$/, nodes.ordered_list),
      wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
      textblockTypeInputRule(/^(#{1,2})\s$/, nodes.heading, (match) => ({ level: match[1].length + 1 })),
    ],
  }),
  keymap({
    Enter: chainCommands(inCell, splitListItem(nodes.list_item)),
    "Shift-Enter": chainCommands(newlineInCode, breakLine),
    Tab: chainCommands(goToNextCell(1), sinkListItem(nodes.list_item)),
    "Shift-Tab": chainCommands(goToNextCell(-1), liftListItem(nodes.list_item)),
    "Mod-b": toggleMark(marks.bold),
    "Mod-i": toggleMark(marks.italic),
    "Mod-u": toggleMark(marks.underline),
  }),
  keymap(baseKeymap),
  tableEditing(),
];

class Editor {
  // `clean` and `plain` give HTML as it is kept of HTML and of plain text; `changed` is told the text, `moved` the tools
  // whose work the cursor is in.
  constructor(page, html, editable, { clean, plain, changed, moved }) {
    this.clean = clean;
    this.changed = changed;
    this.moved = moved;
    this.editable = editable;
    this.html = html;
    this.tools = "";
    page.replaceChildren();
    this.view = new EditorView(
      { mount: page },
      {
        state: EditorState.create({ doc: documentOf(html), plugins }),
        editable: () => this.editable,
        dispatchTransaction: (transaction) => this.apply(transaction),
        // A web view writes some of the blanks between words as ones that do not break.
        transformPastedHTML: (html) => clean(html).replace(/(?<!\s|&nbsp;)&nbsp;(?!\s|&nbsp;)/g, " "),
        clipboardTextParser: (text, context) => {
          const pasted = documentOf(plain(text));
          const single = pasted.childCount === 1 && context.parent.inlineContent;
          return single ? pasted.slice(1, pasted.content.size - 1) : pasted.slice(0, pasted.content.size);
        },
        handleDOMEvents: {
          compositionend: () => {
            setTimeout(() => this.tell(), COMPOSED);
            return false;
          },
        },
      },
    );
  }

  apply(transaction) {
    const { view } = this;
    const state = view.state.apply(transaction);
    view.updateState(state);
    // A letter that is being composed is told when it is there.
    if (transaction.docChanged && !transaction.getMeta("elsewhere") && !view.composing) this.tell();
    const tools = active(state);
    if (tools !== this.tools) {
      this.tools = tools;
      this.moved(tools);
    }
  }

  tell() {
    const { doc } = this.view.state;
    const html = isEmpty(doc) ? "" : this.clean(htmlOf(doc));
    if (html !== this.html) {
      this.html = html;
      this.changed(html);
    }
  }

  // The form holds this now. What differs is replaced: cursor, selection and scroll place stay.
  show(html) {
    if (html === this.html) return;
    this.html = html;
    const { state } = this.view;
    const wanted = documentOf(html);
    const start = state.doc.content.findDiffStart(wanted.content);
    if (start === null) return;
    let { a, b } = state.doc.content.findDiffEnd(wanted.content);
    const overlap = start - Math.min(a, b);
    if (overlap > 0) {
      a += overlap;
      b += overlap;
    }
    // Exactly this, where `replace` would fit it in as it thinks best.
    const tr = state.tr.setMeta("elsewhere", true);
    const replaced = tr.maybeStep(new ReplaceStep(start, a, wanted.slice(start, b)));
    if (replaced.failed) tr.replaceWith(0, state.doc.content.size, wanted.content);
    this.view.dispatch(tr);
  }

  allow(editable) {
    this.editable = editable;
    // The page is told by an update.
    this.view.setProps({});
  }

  run(tool, argument) {
    this.view.focus();
    tools[tool](argument)(this.view.state, this.view.dispatch, this.view);
  }

  close() {
    this.view.destroy();
  }
}

export function open(page, html, editable, listener) {
  return new Editor(page, html, editable, listener);
}
