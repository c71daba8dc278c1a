#!/usr/bin/env bash
# Scans the sample books through SANE (the virtual scanner) into a fresh station, serves it, and says how to
# correct the first entry. Runs until Ctrl+C. Called by ./dev run, which builds first.
set -euo pipefail
cd "$(dirname "$0")/.."
station=build/sample-station
hotich() { build/bin/hotich --station "$station" "$@"; }
say() { printf '== %s\n' "$*" >&2; }

# Held by the server too, so that a station that is served is never taken away under it.
mkdir -p build
exec 9>"$station.lock"
flock -n 9 || { say "the sample station is being served already; stop that with Ctrl+C, then run this again"; exit 1; }
# Only ever the folder made below by an earlier run.
rm -rf "$station"
mkdir -p "$station"
password=$(head -c 12 /dev/urandom | base64 | tr '+/' '-_')
(umask 077 && printf '%s\n' "$password" >"$station/password.txt")

say "a fresh station in $station, with a clerk and a supervisor"
HOTICH_PASSWORD=$password hotich account add nhaplieu --role clerk >/dev/null
HOTICH_PASSWORD=$password hotich account add kiemduyet --role supervisor >/dev/null

# Not through the function above: the number kept must be the server's own, or it outlives a kill of this script.
build/bin/hotich --station "$station" serve 2>"$station/serve.log" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true' EXIT
trap 'exit 0' INT TERM
for _ in $(seq 100); do
  [ -S "$station/hotich.sock" ] && break
  kill -0 "$server" 2>/dev/null || { cat "$station/serve.log" >&2; exit 1; }
  sleep 0.05
done

# What a real scanner needs none of: the virtual scanner's place, and the sheets it holds.
export SANE_CONFIG_DIR=$PWD/build/lib/sane.d LD_LIBRARY_PATH=$PWD/build/lib
scan_book() {  # scan_book FOLDER: as its book.json says
  local folder=$1 book
  local -a key
  mapfile -t key < <(python3 -c '
import json, sys
book = json.load(open(sys.argv[1]))
print(book["kind"], book["place"], book["first_year"], book["number"],
      book["closing_note"]["pages"], book["closing_note"]["entries"], sep="\n")' "$folder/book.json")
  book=$(hotich book add --kind "${key[0]}" --place "${key[1]}" --years "${key[2]}" \
    --number "${key[3]}" --closing-pages "${key[4]}" --closing-entries "${key[5]}" |
    sed -n 's/.*"book":"\([^"]*\)".*/\1/p')
  { echo "dpi 200"; for sheet in "$folder"/*.jpg; do echo "sheet $PWD/$sheet"; done; } \
    >"$station/scanner.script"
  say "scanning $folder into book $book"
  HOTICH_VIRTUAL_SCANNER=$station/scanner.script \
    hotich scan --book "$book" --scanner sane:hotich:0 --dpi 200
}
scan_book samples/book/ks4_g2
scan_book samples/book/ks_g3

say "reading the first pages"
for _ in $(seq 200); do
  report=$(hotich report)
  grep -q '"prefilled":[1-9]' <<<"$report" && break
  kill -0 "$server" 2>/dev/null || { cat "$station/serve.log" >&2; exit 1; }
  sleep 0.1
done

cat <<EOF

The sample books are scanned and served (Ctrl+C here stops the service; log: $station/serve.log).
To correct the first entry, type in another terminal, in $PWD:

  build/bin/hotich --station $station clerk --account nhaplieu --password-file $station/password.txt

EOF
wait "$server"
