// A long outline opens where one is: without this it opens at its top, and everything else is the same.
document.querySelector(".pane-body .tree [aria-current]")?.scrollIntoView({ block: "center" });
