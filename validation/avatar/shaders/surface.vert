#version 430
uniform mat4 VP; uniform mat4 LVP; uniform mat4 MODEL;
in vec3 pos; in vec3 nrm; in vec3 rest; in vec4 attr; in vec3 col;
out vec3 wp, wn, rp, vc; out vec4 at, lp;
void main(){ vec4 w=MODEL*vec4(pos,1); wp=w.xyz; wn=mat3(MODEL)*nrm; rp=rest; at=attr; vc=col; lp=LVP*w; gl_Position=VP*w; }
