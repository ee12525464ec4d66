import { splitBold } from './bold-text.ts'

/** A sentence with its bold parts, as elements: text from the server is never markup. */
export function RichText({ text }: { text: string }) {
  let at = 0
  return splitBold(text).map((part) => {
    at += part.text.length
    return part.bold ? <strong key={at}>{part.text}</strong> : <span key={at}>{part.text}</span>
  })
}
