// Names in Bootstrap Icons that pages may use with {% icon "name" %}.
export const ICONS = [
  "arrow-left", "arrow-right", "arrow-counterclockwise", "bell", "box-arrow-in-right", "box-arrow-right", "building",
  "calendar-event", "camera", "card-checklist", "check-circle", "check-lg", "chevron-down", "chevron-right", "circle",
  "clipboard", "clock", "clock-history", "cup-hot", "download", "exclamation-circle", "exclamation-triangle",
  "file-earmark-text", "files", "funnel", "geo-alt", "house", "house-door", "info-circle", "journal-text", "list-task",
  "lock", "megaphone", "moon", "mortarboard", "pause-circle", "pencil", "people", "person", "person-badge",
  "person-heart", "person-plus", "plug", "printer", "qr-code", "search", "shield-check", "shop", "star", "sun",
  "telephone", "translate", "upload", "volume-up", "wallet2", "x-circle", "x-lg", "zoom-in",
];
