/* Picking words in the source: with the mouse, or word by word with the arrow keys once V was pressed. */
export function startPicking(workspaceOf) {
  let words = null, anchor = -1, focus = -1;

  const pane = () => workspaceOf().querySelector(".pane-source .pane-body");
  const list = () => {
    if (words) return words;
    words = [];
    for (const [paragraph, p] of [...pane().querySelectorAll("p[data-at]")].entries()) {
      for (const match of p.textContent.matchAll(/\S+/g)) {
        words.push({ p, paragraph, start: match.index, end: match.index + match[0].length, text: match[0] });
      }
    }
    return words;
  };
  /* The text node and offset of a place in a paragraph. */
  const point = (p, offset) => {
    const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode(), left = offset;
    while (node && left > node.length) {
      left -= node.length;
      node = walker.nextNode();
    }
    return node ? [node, left] : [p, 0];
  };
  const show = () => {
    const all = list(), first = all[Math.min(anchor, focus)], last = all[Math.max(anchor, focus)];
    getSelection().setBaseAndExtent(...point(first.p, first.start), ...point(last.p, last.end));
    const at = all[focus].p.getBoundingClientRect(), box = pane().getBoundingClientRect();
    const word = getSelection().getRangeAt(0).getBoundingClientRect();
    if (word.bottom > box.bottom || word.top < box.top) pane().scrollTop += at.top - box.top - box.height / 3;
  };
  const active = () => anchor >= 0 && pane().contains(document.activeElement);
  const nextParagraph = (by) => {
    const all = list(), here = all[focus].paragraph;
    const found = all.findIndex((word) => word.paragraph === here + by);
    return found < 0 ? focus : found;
  };
  const clauseEnd = () => {
    const all = list();
    let at = focus;
    while (at + 1 < all.length && all[at + 1].paragraph === all[at].paragraph && (at === focus || !/[,;.:)]$/.test(all[at].text))) at += 1;
    return at;
  };
  const chosen = () => {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    return pane() && pane().contains(range.commonAncestorContainer) && range.toString().trim() ? range : null;
  };
  /* Where a boundary of a selection lies in the text of the plan. */
  const offset = (node, at) => {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const p = element.closest("p[data-at]");
    if (!p) return null;
    const before = document.createRange();
    before.selectNodeContents(p);
    before.setEnd(node, at);
    return Number(p.dataset.at) + before.toString().length;
  };

  document.addEventListener("selectionchange", () => {
    const form = document.getElementById("passage-form");
    if (!form) return;
    const range = chosen();
    form.hidden = !range;
    if (!range) return;
    const count = range.toString().trim().split(/\s+/).length;
    document.getElementById("picked").textContent = count > 2 ? `Đang chọn ${count} từ` : `“${range.toString().trim()}”`;
  });

  return {
    reset() {
      words = null;
      anchor = focus = -1;
    },
    enter(key) {
      if (!pane()) return;
      const link = key && pane().querySelector(`a[data-key="${key}"]`);
      const all = list();
      const found = link ? all.findIndex((word) => word.p.contains(link) && word.end > before(word.p, link)) : 0;
      anchor = focus = Math.max(0, found);
      pane().focus({ preventScroll: true });
      if (all.length) show();
    },
    key(event) {
      if (!active()) return false;
      if (event.key === "Escape") {
        anchor = focus = -1;
        getSelection().removeAllRanges();
        workspaceOf().querySelector(".tree a[aria-current]")?.focus();
        return true;
      }
      const last = list().length - 1;
      const moves = {
        ArrowRight: () => Math.min(last, focus + 1),
        ArrowLeft: () => Math.max(0, focus - 1),
        ArrowDown: () => nextParagraph(1),
        ArrowUp: () => nextParagraph(-1),
        End: clauseEnd,
      };
      if (!moves[event.key]) return false;
      focus = moves[event.key]();
      if (!event.shiftKey && event.key !== "End") anchor = focus;
      show();
      return true;
    },
    words() {
      return chosen()?.toString().trim() || "";
    },
    range() {
      const range = chosen();
      if (!range) return null;
      const start = offset(range.startContainer, range.startOffset), end = offset(range.endContainer, range.endOffset);
      return start === null || end === null ? null : [start, end];
    },
    /* The text of the source from where the selection begins. */
    following(length) {
      const range = chosen();
      if (!range) return "";
      const p = (range.startContainer.parentElement || range.startContainer).closest("p[data-at]");
      const rest = document.createRange();
      rest.selectNodeContents(p);
      rest.setStart(range.startContainer, range.startOffset);
      return rest.toString().slice(0, length);
    },
  };

  function before(p, link) {
    const range = document.createRange();
    range.selectNodeContents(p);
    range.setEndBefore(link);
    return range.toString().length;
  }
}
