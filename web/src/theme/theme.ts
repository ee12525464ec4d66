import { createTheme, type MantineColorsTuple } from '@mantine/core'

// Mantine wants ten shades to know the name; the colours themselves come from tokens.css.
const accent: MantineColorsTuple = [
  '#e7f2f2',
  '#cfe5e6',
  '#b4d6d8',
  '#85bdc0',
  '#4fa0a4',
  '#238388',
  '#0b6e75',
  '#0b6e75',
  '#095b61',
  '#07474c',
]

/** Mantine with our accent, our type and no shadows of its own. */
export const theme = createTheme({
  primaryColor: 'accent',
  colors: { accent },
  fontFamily: 'var(--font)',
  defaultRadius: 'var(--radius-small)',
  respectReducedMotion: true,
  cursorType: 'pointer',
})
