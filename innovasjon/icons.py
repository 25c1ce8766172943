"""The house's icons: twenty-unit drawings in one stroke weight, coloured by the text around them."""

_LINE = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'

ICONS = {
    "ok": f'<circle cx="10" cy="10" r="8.5" fill="currentColor"/><path d="M6 10.3l2.8 2.8L14 7.4" {_LINE.replace("currentColor", "#fff")} stroke-width="1.9"/>',
    "watch": '<path d="M10 2.5l8.5 15h-17z" fill="currentColor"/><path d="M10 8v4.5" stroke="#fff" stroke-width="1.8" stroke-linecap="round"/><circle cx="10" cy="15" r="1.1" fill="#fff"/>',
    "help": '<path d="M10 1.5l8.5 8.5-8.5 8.5L1.5 10z" fill="currentColor"/><path d="M10 6v4.8" stroke="#fff" stroke-width="1.8" stroke-linecap="round"/><circle cx="10" cy="13.6" r="1.1" fill="#fff"/>',
    "unknown": '<circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="1.8" stroke-dasharray="3 2.6"/>',
    "clock": f'<circle cx="10" cy="10" r="7.5" {_LINE} stroke-width="1.7"/><path d="M10 5.8V10l3 2" {_LINE} stroke-width="1.7"/>',
    "calendar": f'<path d="M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5" {_LINE} stroke-width="1.7"/>',
    "check": f'<path d="M4 10.5l4 4 8-9" {_LINE} stroke-width="2.2"/>',
    "plus": f'<path d="M10 4v12M4 10h12" {_LINE} stroke-width="2"/>',
    "link": f'<path d="M8.5 11.5l3-3M9 6l1.8-1.8a3.4 3.4 0 014.9 4.9L14 11M11 14l-1.8 1.8a3.4 3.4 0 01-4.9-4.9L6 9" {_LINE} stroke-width="1.7"/>',
    "file": f'<path d="M5 2.5h6.5L15.5 7v10.5H5z" {_LINE} stroke-width="1.7"/><path d="M11 2.8v4.4h4.2M7.5 11h5M7.5 14h5" {_LINE} stroke-width="1.5"/>',
    "lock": f'<rect x="4" y="9" width="12" height="8.5" rx="1.5" {_LINE} stroke-width="1.8"/><path d="M6.8 9V6.2a3.2 3.2 0 016.4 0V9" {_LINE} stroke-width="1.8"/>',
    "people": f'<circle cx="7.5" cy="7" r="3" {_LINE} stroke-width="1.7"/><path d="M2 16.5c.4-3 2.6-4.5 5.5-4.5s5.1 1.5 5.5 4.5M13 4.3a3 3 0 010 5.4M15 12.3c1.7.7 2.7 2.1 3 4.2" {_LINE} stroke-width="1.7"/>',
    "bulb": f'<path d="M7.3 13.2C5.8 12.200 5 10.800 5 9a5 5 0 0110 0c0 1.800-.8 3.200-2.300 4.200V15H7.300z" {_LINE} stroke-width="1.7"/><path d="M8 17.500h4" {_LINE} stroke-width="1.7"/>',
    "menu": f'<path d="M3 5.5h14M3 10h14M3 14.5h14" {_LINE} stroke-width="2"/>',
    "chevron": f'<path d="M7.500 4.500L13 10l-5.500 5.500" {_LINE} stroke-width="1.800"/>',
    "arrow-back": f'<path d="M16 10H4.500M9.500 4.500L4 10l5.500 5.500" {_LINE} stroke-width="1.800"/>',
}
