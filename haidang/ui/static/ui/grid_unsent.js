// The parts of a filing where nothing is typed into cells: says what still waits in this browser, also before sending.
import { heldBack } from "./grid_line.js";

const strip = document.getElementById("savebar");
const waiting = heldBack(strip.dataset.owner);
if (waiting) {
  const chip = document.getElementById("save-wait");
  const told = `${waiting} chỗ nhập trước đây còn giữ trên máy này, chưa gửi tới máy chủ. Mở biểu, lời văn để gửi`;
  let warned = false;
  chip.hidden = false;
  chip.className = "chip s-late";
  chip.textContent = `${told}.`;
  strip.querySelector(".end a.main")?.addEventListener("click", (event) => {
    if (warned) return;
    event.preventDefault();
    warned = true;
    chip.className = "chip s-over";
    chip.textContent = `${told}; bấm lần nữa nếu vẫn gửi báo cáo.`;
  });
}
