#version 430
in vec3 wp, wn, rp, vc; in vec4 at, lp; const int mt=@MAT@;
//COMMON
void main(){ if(cutaway(mt,rp,at)) discard; }
