const blanked = '[personal]'

/** Six digits of a birth date, then one of 1–8 and six more: resident and foreigner registration numbers. */
const residentNumber = /(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-–\s]?[1-8]\d{6}(?!\d)/g
const email = /[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g
/** Mobile, area and service numbers of Korea, with or without +82. */
const phone =
  /(?<![\w-])(?:\+?82[-.\s]?\(?0?\)?)?(?:0?1[016789][-.\s]?\d{3,4}[-.\s]?\d{4}|0(?:2|[3-6]\d|70|80|50\d)[-.\s)]\d{3,4}[-.\s]\d{4})(?![\w-])/g
/** Three or more groups of digits, 10–16 in all: bank accounts and cards written in groups. */
const groupedNumber = /(?<![\w-])\d{2,6}(?:[-\s]\d{2,8}){2,4}(?![\w-])/g
const longNumber = /(?<![\w.-])\d{13,19}(?![\w.-])/g

/**
 * `text` without what identifies a person by its look: resident numbers, phone numbers, e-mail addresses, card and account numbers.
 * A number of another kind that looks the same goes too; a name stays, because nothing tells it from a word.
 */
export function redactPersonal(text: string): string {
  if (!/\d{4}|@/.test(text)) return text
  return text
    .replace(residentNumber, blanked)
    .replace(email, blanked)
    .replace(phone, blanked)
    .replace(groupedNumber, (found) => (isAccountLong(found) ? blanked : found))
    .replace(longNumber, (found) => (passesLuhn(found) ? blanked : found))
}

function isAccountLong(found: string): boolean {
  const digits = found.replaceAll(/\D/g, '').length
  return digits >= 10 && digits <= 16
}

/** The check digit of card numbers (ISO/IEC 7812-1). */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}
