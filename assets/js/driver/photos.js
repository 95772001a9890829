// Photos are made small on the phone before they are kept, with the time and place that the camera wrote.
const LARGEST_SIDE = 2000;

export async function small(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LARGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    const exif = exifOf(await file.arrayBuffer());
    return exif ? new Blob([drawn.slice(0, 2), exif, drawn.slice(2)], { type: "image/jpeg" }) : drawn;
  } catch { return file; }
}

// The EXIF segment of a JPEG, with its rotation taken out, since the pixels are upright already.
function exifOf(buffer) {
  const view = new DataView(buffer);
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 < view.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint16(at) === 0xffda) return null;
    if (view.getUint16(at) !== 0xffe1 || view.getUint32(at + 4) !== 0x45786966) continue;
    const little = view.getUint16(at + 10) === 0x4949;
    const first = at + 10 + view.getUint32(at + 14, little);
    for (let tag = 0; tag < view.getUint16(first, little); tag += 1) {
      const place = first + 2 + 12 * tag;
      if (view.getUint16(place, little) === 0x0112) view.setUint16(place + 8, 1, little);
    }
    return buffer.slice(at, at + 2 + view.getUint16(at + 2));
  }
  return null;
}
