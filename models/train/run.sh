#!/bin/sh
# From folders of lines to models/vie_register.traineddata; called again it goes on where it stopped.
#
#   models/train/run.sh WORK_DIR [MINUTES [ITERATIONS]] -- LINES_DIR ... [--folded-lines DIR ...] [options of train.py]
#
# First: sudo apt-get install $(cat models/train/packages.txt)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$1; shift
minutes=60; iterations=40000
if [ "$1" != "--" ]; then minutes=$1; shift; fi
if [ "$1" != "--" ]; then iterations=$1; shift; fi
shift
python=/usr/bin/python3
"$python" "$here/train.py" --work "$work" --minutes "$minutes" --iterations "$iterations" --lines "$@"
"$python" "$here/write_lstm.py" "$work/checkpoint.pt" "$work/vie_register.traineddata" \
  --float "$work/vie_register_float.traineddata"
# Replaced in one step: a reader that starts meanwhile sees the old network or the new one.
cp "$work/vie_register.traineddata" "$here/../vie_register.traineddata.new"
mv "$here/../vie_register.traineddata.new" "$here/../vie_register.traineddata"
echo "models/vie_register.traineddata is written; measure it with models/train/evaluate.py before you commit it."
