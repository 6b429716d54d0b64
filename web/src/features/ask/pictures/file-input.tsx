import { Icon } from '../../../components/icon.tsx'
import { useStrings } from '../../../strings/strings.ts'
import './file-input.css'

const accepted = 'image/*,.heic,.heif,.jxl,.cr2,.cr3,.nef,.arw,.dng,.raf,.orf,.rw2,.pef,.srw'

interface FileInputProps {
  id?: string
  label: string
  onFiles: (files: File[]) => void
}

/** Lies over the label that it is in: a click, a key press and a drop all reach it. */
export function FileInput({ id, label, onFiles }: FileInputProps) {
  return (
    <input
      id={id}
      className="file-input"
      type="file"
      multiple
      accept={accepted}
      aria-label={label}
      // Emptied first, so that picking the same file again is a change again.
      onClick={({ currentTarget }) => {
        currentTarget.value = ''
      }}
      onChange={({ currentTarget: { files } }) => {
        if (files?.length) onFiles([...files])
      }}
    />
  )
}

/** Lets a person choose pictures that are asked about together with what is asked about already. */
export function AddToQuestion({ onFiles }: Pick<FileInputProps, 'onFiles'>) {
  const t = useStrings().ask
  return (
    <label className="button button--small takes-files">
      <Icon name="plus" />
      <span>{t.addPicture}</span>
      <FileInput label={t.addPictureLong} onFiles={onFiles} />
    </label>
  )
}
