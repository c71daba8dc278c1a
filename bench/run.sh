#!/usr/bin/env bash
# One run, one machine: hotich on the sample books, then what a user would take instead on the same pages.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "machine: $(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)"

for book in "ks4_g2 KS" "ks_g3 KS"; do
  read -r form kind <<<"$book"
  echo; echo "hotich, samples/book/$form"
  build/bin/hotich-bench models "samples/book/$form" "$form" "$kind"
done

echo; echo "reading alone, pages where the truth says they are (a birth entry of 24 fields: at most 1.2 s)"
build/bin/hotich-read-bench models samples/book/ks_g3 samples/book/ks4_g2

echo; echo "a book leaves (500 entries: at most 20 s)"
build/bin/hotich-export-bench models samples/book/ks4_g2/ks4_g2-0001.jpg ks4_g2 KS 500

echo; echo "pages flattened under a camera (at 95 % of places 1.5 mm, rulings 1 px rms) and straightened (0.05 degrees), drawn pages"
build/bin/hotich-flat-bench . 20261121 17 | tail -5

echo; echo "what the operator is told of good and of spoilt captures, drawn pages"
build/bin/hotich-quality-bench . 20261121 17 17

crops=$(mktemp -d); out=$(mktemp -d); trap 'rm -rf "$crops" "$out"' EXIT
echo; echo "open books, colour, 300 dpi (about 20 megapixels): split, flattened, cut"
build/bin/hotich-samples --form ks4_g2 --captures 3 --dpi 300 --seed 20261121 --out "$out/spreads" >/dev/null
bench/page_bench.py --form ks4_g2 "$out"/spreads/*.jpg

echo; echo "PDFs under the limit, crops of drawn books at 300 dpi beside what other programs make of them"
build/bin/hotich-samples --form ks_g3 --captures 2 --dpi 300 --seed 20261121 --out "$out/pages" >/dev/null
for capture in "ks4_g2 $out/spreads/ks4_g2-0001.jpg" "ks_g3 $out/pages/ks_g3-0001.jpg" "ks_g3 $out/pages/ks_g3-0002.jpg"; do
  read -r form picture <<<"$capture"
  build/bin/hotich split --form "$form" --out "$crops" "$picture" >/dev/null
done
mogrify -format jpg -quality 92 "$crops"/*.png  # as a scanner's program hands them on
rm "$crops"/*.png
bench/pdf_bench.py --dpi 300 "$crops"

echo; echo "fields read out of the PDF and out of the capture (at most 0.5 points of CER worse)"
build/bin/hotich-pdf-read-bench models 100000 samples/book/ks_g3

echo; echo "peer: ocrmypdf --deskew -l vie, the same pages (whole pages to searchable PDFs, no fields)"
count=0
start=$(date +%s.%N)
for picture in samples/book/*/*.jpg; do
  OMP_THREAD_LIMIT=1 ocrmypdf --quiet --deskew -l vie --image-dpi 200 --jobs 1 "$picture" \
    "$out/page.pdf" 2>/dev/null || echo "  ocrmypdf failed on $picture"
  count=$((count + 1))
done
end=$(date +%s.%N)
awk -v s="$start" -v e="$end" -v n="$count" \
  'BEGIN { printf "  %d captures, %.2f s a capture (one core)\n", n, (e - s) / n }'
