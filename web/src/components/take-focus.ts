/** The button that opened the editor is gone; the caret goes where a person goes on writing. */
export function takeFocus(field: HTMLTextAreaElement | null): void {
  field?.focus()
  field?.setSelectionRange(field.value.length, field.value.length)
}
