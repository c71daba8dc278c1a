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

echo; echo "peer: ocrmypdf --deskew -l vie, the same pages (whole pages to searchable PDFs, no fields)"
out=$(mktemp -d); trap 'rm -rf "$out"' EXIT
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
