import { splitBold } from './bold-text.ts'
import classes from './rich-text.module.css'

/** Bold parts up to this long stay on one line: an amount broken in two is hard to read. */
const unbrokenLength = 20

/** A sentence with its bold parts, as elements: text from the server is never markup. */
export function RichText({ text }: { text: string }) {
  let at = 0
  return splitBold(text).map((part) => {
    at += part.text.length
    if (!part.bold) return <span key={at}>{part.text}</span>
    return (
      <strong key={at} className={part.text.length <= unbrokenLength ? classes.unbroken : undefined}>
        {part.text}
      </strong>
    )
  })
}
