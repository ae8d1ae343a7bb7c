#!/bin/sh
# Renders every picture that the body model learns from, and packs the tables: PYTHON POSES MODELS (some hours of one core).
# Needs the extras avatar and video, and Mesa's software renderer.
set -eu
python=$1 poses=$2 models=$3
export LP_NUM_THREADS=1
bodies=$poses/bodies
mkdir -p "$bodies" "$poses/table"
for body in validation/avatar/bodies/*.npz; do
    case $body in *held_*) ;; *) cp "$body" "$bodies/" ;; esac
done
"$python" -m validation.learn.render_poses trial "$poses/poses" "$models" validation/avatar/bodies 2
"$python" -m validation.learn.render_poses first "$poses/poses" "$models" validation/avatar/bodies 284
"$python" -m validation.learn.render_poses wider "$poses/poses" "$models" validation/avatar/bodies 125
"$python" -m validation.learn.render_poses leaning "$poses/poses" "$models" validation/avatar/bodies 88
"$python" -m validation.learn.render_wide "$poses/wide" "$models" "$bodies" --to 194
"$python" -m validation.learn.render_motions "$poses/motions" "$models" "$bodies" 39 --seed 11 --samples 4
"$python" -m validation.learn.render_motions "$poses/motions" "$models" "$bodies" 24 --seed 12
"$python" -m validation.learn.render_motions "$poses/motions13" "$models" "$bodies" 171 --seed 13
"$python" -m validation.learn.render_motions "$poses/motions14" "$models" "$bodies" 159 --seed 14
"$python" -m validation.learn.render_motions "$poses/motions15" "$models" "$bodies" 294 --seed 15 --turns
for name in poses wide motions motions13 motions14 motions15; do
    "$python" -m validation.learn.table pack "$poses/$name" "$poses/table" --name "$name"
done
