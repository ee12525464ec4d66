/** Below this the layout is a phone's; the same width stands in the style sheets. */
export const phoneQuery = '(max-width: 640px)'
